// The six lenses: what was found under each, or the question whose answer would help.
import { useNames } from '@/api/names';
import type { Figure, ThreatPage } from '@/api/types';
import { Bars, Chart, fromFan, fromSeries, NotAssessed, TimeChart } from '@/charts';
import { Evidence } from '@/evidence/open';
import { FigureTitle } from '@/evidence/title';
import { useText } from '@/i18n';
import { Badge, BasisSign } from '@/ui';

const kMostPlaces = 7, kMostCharts = 2;
const kOrder = ['global_nature', 'state_of_affairs', 'local_market', 'money_flow', 'modi_operandi', 'future_trends'];

export function Lenses({ page }: { page: ThreatPage }) {
    const { t, language } = useText(), names = useNames(), lenses = [...page.threat.lenses].sort((a, b) => kOrder.indexOf(a.lens) - kOrder.indexOf(b.lens));
    return (
        <div className="lenses">
            {lenses.map(lens => {
                const figures = page.figures.filter(each => lens.figures.includes(each.id)), outlook = lens.lens === 'future_trends' ? page.outlooks[0] : undefined;
                const help = language === 'en' ? lens.would_help || names.lensQuestion(lens.lens) : names.lensQuestion(lens.lens);
                const groups = grouped(figures.filter(each => each.basis === 'measured')), judged = figures.filter(each => each.basis === 'judged');
                return (
                    <section key={lens.lens} className="lens" aria-labelledby={`lens-${lens.lens}`}>
                        <header><h3 id={`lens-${lens.lens}`}>{names.lens(lens.lens)}</h3><p className="note">{names.lensQuestion(lens.lens)}</p></header>
                        {!lens.assessed && figures.length === 0 ? <NotAssessed help={help} /> : (
                            <>
                                {outlook && outlook.fan.length > 0 && groups.length === 0 && <Chart level={4} title={<span lang="en">{outlook.title}</span>}><TimeChart points={fromFan(outlook.history, outlook.fan)} label={outlook.title} height={120} /></Chart>}
                                {groups.slice(0, kMostCharts).map(group => <Group key={group[0]!.indicator + group[0]!.measure} figures={group} short={groups.length > 1 || judged.length > 1} />)}
                                {judged.slice(0, groups.length ? 2 : 4).map(each => <p key={each.id} className="said"><Badge kind="judged"><BasisSign basis="judged" />{t('basis.judged')}</Badge> <Evidence figure={each.id}><span lang="en">{each.title}</span></Evidence></p>)}
                            </>
                        )}
                    </section>
                );
            })}
        </div>
    );
}

// Figures of one indicator belong in one chart; those with most places first, then those with a series.
function grouped(figures: Figure[]): Figure[][] {
    const by = new Map<string, Figure[]>();
    for (const each of figures) {
        const key = each.indicator + '|' + each.measure;
        by.set(key, [...(by.get(key) ?? []), each]);
    }
    const worth = (group: Figure[]) => (group.length > 1 ? 2 : 0) + (group[0]!.series.length > 2 && !group[0]!.place ? 3 : 0) + (group[0]!.parts.length > 1 ? 1 : 0);
    return [...by.values()].sort((a, b) => worth(b) - worth(a));
}

function Group({ figures, short }: { figures: Figure[]; short: boolean }) {
    const { t, number, signed, percent } = useText(), names = useNames(), first = figures[0]!, unit = names.unit(first.unit), trend = first.unit === '%/year';
    const members = new Set(names.region?.members.map(each => each.country)), show = (v: number) => (trend ? signed(v) : number(v));
    const about = <><FigureTitle of={first} />{first.from && `, ${first.from}${first.to && first.to !== first.from ? '–' + first.to : ''}`}</>;
    if (figures.length > 1 && first.place) {
        // Several organisations of one country share its figure.
        const unique = [...new Map(figures.map(each => [each.place, each])).values()].sort((a, b) => Number(members.has(b.place)) - Number(members.has(a.place)) || b.value.q50 - a.value.q50);
        const most = [...unique].sort((a, b) => b.value.q50 - a.value.q50).find(each => members.has(each.place)) ?? unique[0]!, shown = unique.slice(0, short ? 5 : kMostPlaces);
        const title = trend ? t(most.value.q50 > 0 ? 'threat.trend_finding' : 'threat.trend_falls', { place: names.place(most.place), value: t('threat.change_a_year', { value: signed(most.value.q50) }) }) : t('threat.rate_finding', { place: names.place(most.place), value: number(most.value.q50), unit });
        return (
            <Chart level={4} title={title} about={about} table={{ heads: [t('place'), t('value'), t('evidence.range')], rows: unique.map(each => [names.place(each.place), show(each.value.q50), `${show(each.value.q05)} – ${show(each.value.q95)}`]) }} foot={unique.length > shown.length ? t('threat.more_places', { n: unique.length - shown.length }) : undefined}>
                <Bars kind="dot" label={names.figure(first)} lines={shown.map(each => ({ id: each.id, label: names.place(each.place), value: each.value.q50, low: each.value.q05, high: each.value.q95, quiet: !members.has(each.place), text: <Evidence figure={each.id} label={`${names.place(each.place)}: ${show(each.value.q50)}`}>{show(each.value.q50)}</Evidence> }))} />
            </Chart>
        );
    }
    const value = <Evidence figure={first.id}>{trend ? t('threat.change_a_year', { value: signed(first.value.q50) }) : t('threat.value_finding', { value: number(first.value.q50), unit: first.unit === 'bits' ? '' : unit })}</Evidence>;
    if (first.parts.length > 1) {
        const parts = [...first.parts].sort((a, b) => b.value - a.value), sum = parts.every(each => each.value <= 1.0001), say = (v: number) => (sum ? percent(v) : number(v));
        return (
            <Chart level={4} title={<Evidence figure={first.id}>{t('threat.share_finding', { part: partName(parts[0]!.title || parts[0]!.id, names), p: say(parts[0]!.value) })}</Evidence>} about={about} table={{ heads: ['', t('value')], rows: parts.map(each => [partName(each.title || each.id, names), say(each.value)]) }}>
                <Bars label={names.figure(first)} lines={parts.slice(0, short ? 4 : 6).map(each => ({ id: each.id, label: partName(each.title || each.id, names), value: each.value, low: each.low, high: each.high, text: <Evidence figure={first.id} label={`${partName(each.title || each.id, names)}: ${say(each.value)}`}>{say(each.value)}</Evidence> }))} />
            </Chart>
        );
    }
    return (
        <Chart level={4} title={value} about={<>{first.place && names.place(first.place) + ': '}{about}</>} table={first.series.length > 1 ? { heads: [t('period'), t('value')], rows: first.series.map(each => [each.period, number(each.value)]) } : undefined}>
            {first.series.length > 2 ? <TimeChart points={fromSeries(first.series)} label={names.figure(first)} height={118} from={first.from} to={first.to} /> : <Bars kind="dot" label={names.figure(first)} lines={[{ id: first.id, label: '', value: first.value.q50, low: first.value.q05, high: first.value.q95 }]} />}
        </Chart>
    );
}

export function partName(id: string, names: ReturnType<typeof useNames>): string {
    const route = names.region?.routes.find(each => each.id === id);
    if (route) return names.route(id);
    if (/^[A-Z]{2}$/.test(id)) return names.place(id);
    const own = names.value(id);
    if (own) return own;
    const words = id.replaceAll('_', ' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
}
