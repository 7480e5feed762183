// What a number rests on: value, distribution, formula, citation, rows with their provenance, handling; under the
// reader's clearance, and to take away.
import { useQuery } from '@tanstack/react-query';
import { useNames } from '@/api/names';
import { queries, useAssessmentId } from '@/api/queries';
import type { Distribution, Figure, FigureRow } from '@/api/types';
import { Bars, Chart, fromSeries, TimeChart } from '@/charts';
import { useText } from '@/i18n';
import { partName } from '@/pages/threat/lenses';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, Badge, BasisBadge, Button, Drawer, Facts, Table } from '@/ui';
import { rowsAsCsv, save } from './export';
import { FigureTitle } from './title';
import './evidence.css';

export default function Panel({ figure, onClose }: { figure: string; onClose: () => void }) {
    const { t } = useText(), asked = useQuery(queries.figure(useAssessmentId(), figure)), f = asked.data;
    return (
        <Drawer isOpen onClose={onClose} title={f ? <FigureTitle of={f} /> : t('evidence.title')} eyebrow={<p className="row"><span className="eyebrow">{t('evidence.title')} {figure}</span></p>}
            foot={f && <><Button small icon="download" onPress={() => save(`${f.id}.json`, 'application/json', JSON.stringify(f, null, 2))}>{t('evidence.json')}</Button>{(f.rows?.length ?? 0) > 0 && <Button small icon="download" onPress={() => save(`${f.id}.csv`, 'text/csv', rowsAsCsv(f.rows!))}>{t('evidence.export')}</Button>}</>}>
            <Answer of={asked}>{found => <FigureContent figure={found} />}</Answer>
        </Drawer>
    );
}

export function FigureContent({ figure: f }: { figure: Figure }) {
    const { t, number, percent, period } = useText(), names = useNames(), stated = f.basis === 'judged' && f.value.q95 === 0, unit = names.unit(f.unit);
    const parts = [...f.parts].sort((a, b) => b.value - a.value), shares = parts.every(each => each.value <= 1.0001);
    return (
        <>
            <p className="row"><BasisBadge basis={f.basis} /><Badge>{f.handling}</Badge>{f.already_public && <Badge kind="good">{t('evidence.public')}</Badge>}<Badge>{names.place(f.place)}</Badge></p>
            {!stated && (
                <div className="evidence-value"><div><span className="big">{number(f.value.q50)}</span> <span className="muted">{unit}</span></div><p className="note">{t('evidence.range')}: {number(f.value.q05)} – {number(f.value.q95)}</p><Distribution value={f.value} /><p className="note">{t('evidence.distribution.about')}</p></div>
            )}
            <Facts items={[
                !stated && [t('evidence.score'), `${number(f.score.q50, 0)} (${number(f.score.q05, 0)}–${number(f.score.q95, 0)})`], [t('evidence.formula'), <span lang="en" key="f">{f.formula}</span>], [t('evidence.citation'), <span lang="en" key="c">{f.citation}</span>], f.note ? [t('evidence.note'), <span lang="en" key="n">{f.note}</span>] : null,
                [t('evidence.contributors'), f.contributors.map(each => names.source(each)).join(', ') || '–'], [t('evidence.sources'), f.sources.map(each => names.source(each)).join(', ') || '–'], f.from ? [t('evidence.period'), f.from === f.to ? period(f.from) : `${period(f.from)} – ${period(f.to)}`] : null, [t('evidence.completeness'), percent(f.completeness)],
                [t('evidence.threat'), <Link key="t" to={threatPath(f.threat)} search={{ figure: undefined }}>{names.threat(f.threat)}</Link>], f.criterion ? [t('evidence.criterion'), names.criterion(f.criterion)] : null, f.member ? [t('member'), names.member(f.member)] : null,
            ]} />
            {f.series.length > 1 && <Chart title={t('evidence.series')} table={{ heads: [t('period'), t('value'), t('evidence.range')], rows: f.series.map(each => [period(each.period), number(each.value), each.low === each.high ? '' : `${number(each.low)}–${number(each.high)}`]) }}><TimeChart points={fromSeries(f.series)} label={f.title} height={170} from={f.from} to={f.to} /></Chart>}
            {parts.length > 0 && <Chart title={t('evidence.parts')}><Bars wide label={t('evidence.parts')} lines={parts.slice(0, 12).map(each => ({ id: each.id, label: partName(each.title || each.id, names), value: each.value, low: each.low, high: each.high, text: shares ? percent(each.value) : number(each.value) }))} /></Chart>}
            <section className="stack-s">
                <h3>{t('evidence.rows', { n: f.row_count })}</h3>
                {f.rows_hidden > 0 && <p className="note">{t('evidence.hidden', { n: f.rows_hidden })}</p>}
                {f.row_count === 0 ? <p className="muted">{t('evidence.no_rows')}</p> : <Rows rows={f.rows ?? []} />}
            </section>
        </>
    );
}

function Distribution({ value: v }: { value: Distribution }) {
    const low = Math.min(v.q05, v.mean), high = Math.max(v.q95, v.mean), pad = (high - low) * 0.06 || 1, x = (n: number) => ((n - low + pad) / (high - low + 2 * pad)) * 100;
    return (
        <svg className="distribution" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
            <line x1={x(v.q05)} x2={x(v.q95)} y1="15" y2="15" stroke="var(--band)" strokeWidth="8" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
            <line x1={x(v.q25)} x2={x(v.q75)} y1="15" y2="15" stroke="var(--bar)" strokeWidth="8" vectorEffect="non-scaling-stroke" />
            <line x1={x(v.q50)} x2={x(v.q50) + 0.01} y1="15" y2="15" stroke="var(--accent)" strokeWidth="14" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
        </svg>
    );
}

function Rows({ rows }: { rows: FigureRow[] }) {
    const { t, number, period } = useText(), names = useNames();
    const more = (row: FigureRow) => (typeof row.dims === 'string' ? row.dims : Object.entries(row.dims ?? {}).map(([k, v]) => `${k}=${v}`).join(', ')).replaceAll(';', ', ');
    return (
        <Table label={t('unit.rows')} rows={rows.map((row, index) => ({ ...row, index }))} keyOf={row => String(row.index)} height={380} columns={[
            { id: 'period', title: t('period'), cell: row => <span className="nowrap">{period(row.period)}</span>, sort: row => row.period },
            { id: 'place', title: t('place'), cell: row => (row.place ? names.place(row.place) : '–'), sort: row => row.place },
            { id: 'value', title: t('value'), number: true, cell: row => (row.value === null ? row.text || row.state : number(row.value)), sort: row => row.value },
            { id: 'what', title: t('evidence.what'), cell: row => <span lang="en">{row.what}{more(row) && <span className="note"> {more(row)}</span>}</span>, sort: row => row.what },
            { id: 'file', title: t('evidence.file'), cell: row => <span className="note">{row.file}:{row.row}{row.handling && <> · {row.handling}</>}</span>, sort: row => row.row },
        ]} />
    );
}
