import { useNames } from '@/api/names';
import { useSignalWords } from '@/api/signal-words';
import type { ArisingSignal, Figure, Gap, ThreatPage } from '@/api/types';
import { Chart, fromSignal, TimeChart } from '@/charts';
import { Evidence } from '@/evidence/open';
import { useText, type Key } from '@/i18n';
import { Link } from '@/shell/link';
import { Badge } from '@/ui';

export function Judgements({ figures }: { figures: Figure[] }) {
    const { t, number } = useText(), names = useNames();
    if (figures.length === 0) return <p className="muted">{t('threat.judgements.none')}</p>;
    return (
        <ul className="judgements">
            {figures.map(each => (
                <li key={each.id}>
                    <q lang="en">{each.title}</q>
                    <span className="note">{names.lens(each.lens)} · {each.contributors.map(id => names.source(id)).join(', ')} · <Evidence figure={each.id}>{each.formula.startsWith('stated, not scored') ? t('evidence.stated') : `${names.criterion(each.criterion)} ${number(each.score.q50, 0)} (${number(each.score.q05, 0)}–${number(each.score.q95, 0)})`}</Evidence></span>
                </li>
            ))}
        </ul>
    );
}

export function Ways({ page }: { page: ThreatPage }) {
    const { t, known, language } = useText(), names = useNames(), region = names.region, { modi_operandi: ways, roles } = page.threat, groups = new Map<string, string[]>();
    for (const each of ways) { const [group = ''] = each.split('.'); groups.set(group, [...(groups.get(group) ?? []), each]); }
    const definition = (id: string) => (region?.codes as { id: string; definition?: string }[] | undefined)?.find(each => each.id === id)?.definition;
    return (
        <div className="stack">
            {roles.length > 0 && <p className="row"><span className="muted">{t('threat.roles')}:</span>{roles.map(each => <Badge key={each} kind="accent">{known('role_of', each, each.replaceAll('_', ' '))}</Badge>)}</p>}
            {ways.length === 0 ? <p className="muted">{t('threat.mo.none')}</p> : <ul className="ways">{[...groups.values()].flat().map(each => <li key={each}><b>{names.code(each)}</b>{language === 'en' && definition(each) && <span className="note" lang="en">{definition(each)}</span>}</li>)}</ul>}
        </div>
    );
}

export function Questions({ gaps }: { gaps: Gap[]; threat: string }) {
    const { t, language, known } = useText(), names = useNames(), top = [...gaps].sort((a, b) => b.information - a.information).slice(0, 5);
    if (top.length === 0) return <p className="muted">{t('threat.gaps.none')}</p>;
    return <ol className="questions">{top.map((each, i) => <li key={i}>{language === 'en' ? each.question.replace(/^[^:]+: /, '') : known('criterion_question', each.criterion, names.criterion(each.criterion))}<span className="note"> {each.member ? t('overview.collect.member', { member: names.member(each.member) }) : t('overview.collect.region')} · {names.criterion(each.criterion)}</span></li>)}</ol>;
}

export function Rising({ signals }: { signals: ArisingSignal[] }) {
    const { t, percent, period } = useText(), words = useSignalWords();
    return <div className="multiples">{signals.slice(0, 8).map(({ signal: s }) => <Chart key={s.id} level={3} small title={<Link to={`/signals/${s.id}`}><span lang={words.title(s).lang}>{words.title(s).text}</span></Link>} about={`${period(s.period)} · ${t('overview.arising.false' as Key, { p: percent(s.q) })}`}><TimeChart points={fromSignal(s.points, s.period)} label={words.title(s).text} height={110} dots={false} /></Chart>)}</div>;
}
