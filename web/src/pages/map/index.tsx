// The region under one indicator, over time; over it routes, flows or places; the same as tables.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '@/api/client';
import { useAssessmentId } from '@/api/queries';
import { useNames } from '@/api/names';
import type { Figure } from '@/api/types';
import { Evidence } from '@/evidence/open';
import { useText } from '@/i18n';
import { RegionMap, type MapFrame } from '@/map';
import { Answer, ComboBox, EmptyState, PageFrame, Section, Select, Table } from '@/ui';
import { SeizedFilters, SeizedTable } from './seized';
import { asFlows, asPlaces, legsOf, seizuresQuery, spotsOf } from './seizures';
import '@/styles/work.css';

type Line = Pick<Figure, 'id' | 'indicator' | 'title' | 'threat' | 'place' | 'unit' | 'value' | 'series' | 'from' | 'to' | 'sources'>;

const figures = async (assessment: string, signal: AbortSignal) => {
    const { items } = await api.all<Line>(`assessments/${assessment}/figures`, { signal, query: { basis: 'measured', fields: 'id,indicator,title,threat,place,unit,value,series,from,to,sources' } });
    return items.filter(each => each.place !== '');
};

const kOver = ['none', 'routes', 'flows', 'places'] as const, kMostFlows = 30;
type Over = (typeof kOver)[number];
const newest = (each: Line) => each.series.filter(p => p.value !== null).at(-1) ?? null;

export default function MapPage() {
    const text = useText(), { t, number, period } = text, names = useNames(), assessment = useAssessmentId(), [indicator, setIndicator] = useState<string | null>(null), [over, setOver] = useState<Over>('routes'), [drug, setDrug] = useState('all'), [year, setYear] = useState('all'), [country, setCountry] = useState<string | undefined>();
    const asked = useQuery({ queryKey: ['assessment', assessment, 'placed'], staleTime: 300_000, queryFn: ({ signal }) => figures(assessment, signal) });
    const indicators = useMemo(() => {
        const places = new Map<string, { title: string; threat: string; n: number }>();
        for (const each of asked.data ?? []) {
            const known = places.get(each.indicator) ?? { title: each.title, threat: each.threat, n: 0 };
            places.set(each.indicator, { ...known, n: known.n + 1 });
        }
        return [...places].filter(([, each]) => each.n >= 3).sort((a, b) => b[1].n - a[1].n || a[1].title.localeCompare(b[1].title));
    }, [asked.data]);
    const shown = indicator ?? indicators[0]?.[0] ?? '', lines = useMemo(() => (asked.data ?? []).filter(each => each.indicator === shown), [asked.data, shown]), title = shown ? names.indicator(shown) : '', unit = lines[0]?.unit ?? '';
    const frames: MapFrame[] = useMemo(() => {
        const all = new Map<string, Record<string, number>>();
        for (const each of lines) for (const p of each.series) if (p.value !== null) all.set(p.period, { ...all.get(p.period), [each.place]: p.value });
        return [...all].sort(([a], [b]) => a.localeCompare(b)).map(([at, values]) => ({ period: at, values })).filter(each => Object.keys(each.values).length >= 2);
    }, [lines]);
    const seized = useQuery({ ...seizuresQuery(), enabled: over === 'flows' || over === 'places' });
    const chosen = useMemo(() => (seized.data ?? []).filter(each => (drug === 'all' || each.what === drug) && (year === 'all' || each.period.startsWith(year))), [seized.data, drug, year]);
    const legs = useMemo(() => legsOf(chosen), [chosen]), spots = useMemo(() => spotsOf(chosen), [chosen]);
    const threat = indicators.find(([id]) => id === shown)?.[1].threat ?? '', ways = (names.region?.routes ?? []).map(each => ({ id: each.id, title: names.route(each.id), path: each.path ?? [], active: country ? (each.path ?? []).includes(country) : undefined })).filter(each => each.path.length > 1);
    return (
        <PageFrame title={shown ? title : t('nav.map')} eyebrow={t('nav.map')} lead={t('mappage.lead')} windowTitle={t('nav.map')}>
            <Answer of={asked} lines={8}>
                {() => indicators.length === 0 ? <EmptyState>{t('mappage.none')}</EmptyState> : (
                    <div className="work">
                        <div className="filters">
                            <ComboBox key={shown} label={t('mappage.indicator')} value={shown} onChange={setIndicator} options={indicators.map(([id, each]) => ({ id, label: names.indicator(id), more: names.threat(each.threat) }))} />
                            <Select label={t('mappage.over')} value={over} onChange={setOver} options={kOver.map(id => ({ id, label: t(`mappage.over.${id}`) }))} />
                            {(over === 'flows' || over === 'places') && <SeizedFilters all={seized.data ?? []} what={drug} year={year} onWhat={setDrug} onYear={setYear} />}
                        </div>
                        <p className="note">{names.threat(threat)} · {names.unit(unit)} · {lines[0]?.sources.map(each => names.source(each)).join(', ')}</p>
                        <div className={over === 'none' ? undefined : 'beside'}>
                            <RegionMap label={title} frames={frames.length > 1 ? frames : undefined} values={frames.length > 1 ? undefined : Object.fromEntries(lines.map(each => [each.place, each.value.q50]))} unit={names.unit(unit)} format={v => number(v)} routes={over === 'routes' ? ways : []} flows={over === 'flows' ? asFlows(legs, kMostFlows, each => `${names.place(each.from)} → ${names.place(each.to)}: ${each.seizures.length}`) : []} places={over === 'places' ? asPlaces(spots) : []} selected={country} onSelect={setCountry} />
                            {over === 'routes' && <Section title={t('mappage.over.routes')}><ol className="route-list">{ways.map((each, n) => <li key={each.id}><b>{n + 1}</b><span>{each.title}<span className="note">{each.path.map(code => names.place(code)).join(' → ')}</span></span></li>)}</ol></Section>}
                            {(over === 'flows' || over === 'places') && <Answer of={seized} lines={4}>{() => <SeizedTable kind={over} seizures={chosen} />}</Answer>}
                        </div>
                        <Section title={t('mappage.table')} lead={t('mappage.table.lead')}>
                            <Table label={title} rows={lines} keyOf={each => each.id} selected={lines.find(each => each.place === country)?.id} columns={[
                                { id: 'place', title: t('place'), cell: each => names.place(each.place), sort: each => names.place(each.place) },
                                { id: 'newest', title: t('mappage.newest'), number: true, cell: each => { const last = newest(each); return last ? <>{number(last.value)} <span className="note">{period(last.period)}</span></> : '–'; }, sort: each => newest(each)?.value ?? null },
                                { id: 'value', title: t('mappage.estimate'), number: true, cell: each => <Evidence figure={each.id}>{number(each.value.q50)}</Evidence>, sort: each => each.value.q50 },
                                { id: 'range', title: t('mappage.range'), number: true, cell: each => `${number(each.value.q05)}–${number(each.value.q95)}` },
                                { id: 'period', title: t('period'), cell: each => (each.from ? (each.from === each.to ? period(each.to) : `${period(each.from)}–${period(each.to)}`) : '–'), sort: each => each.to },
                            ]} />
                        </Section>
                    </div>
                )}
            </Answer>
        </PageFrame>
    );
}
