// Single seizures over the map: which drug, which year; the same as a table, each count opening to its rows.
import { useState } from 'react';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Drawer, Section, Select, Table } from '@/ui';
import { legsOf, spotsOf, type Seizure } from './seizures';

export type Kind = 'flows' | 'places';

export function useDrug() {
    const { known } = useText(), names = useNames();
    return (what: string) => {
        const drug = what.replace(/^seizure\./, ''), own = known('drug', drug, '');
        if (own) return own;
        const threat = names.region?.threats.find(each => each.id === 'drugs.' + drug);
        return threat ? names.threat(threat.id) : drug.charAt(0).toUpperCase() + drug.slice(1).replaceAll('_', ' ');
    };
}

export function SeizedFilters({ all, what, year, onWhat, onYear }: { all: Seizure[]; what: string; year: string; onWhat: (what: string) => void; onYear: (year: string) => void }) {
    const { t } = useText(), drug = useDrug(), counts = new Map<string, number>();
    for (const each of all) counts.set(each.what, (counts.get(each.what) ?? 0) + 1);
    return (
        <>
            <Select label={t('mappage.drug')} value={what} onChange={onWhat} options={[{ id: 'all', label: t('mappage.drug.all'), more: all.length }, ...[...counts].sort((a, b) => b[1] - a[1]).map(([id, n]) => ({ id, label: drug(id), more: n }))]} />
            <Select label={t('mappage.year')} value={year} onChange={onYear} options={[{ id: 'all', label: t('mappage.year.all') }, ...[...new Set(all.map(each => each.period.slice(0, 4)))].sort().reverse().map(id => ({ id, label: id }))]} />
        </>
    );
}

export function SeizedTable({ kind, seizures }: { kind: Kind; seizures: Seizure[] }) {
    const { t, number } = useText(), names = useNames(), [open, setOpen] = useState<{ title: string; rows: Seizure[] } | null>(null);
    const opens = (title: string, rows: Seizure[]) => <button type="button" className="evidence" aria-label={`${title}: ${rows.length}`} onClick={() => setOpen({ title, rows })}>{number(rows.length)}</button>;
    return (
        <Section title={t(`mappage.${kind}.table`)} lead={t('mappage.seizures.about')}>
            {kind === 'flows' ? (
                <Table label={t('mappage.flows.table')} rows={legsOf(seizures)} keyOf={each => each.id} empty={t('empty.no_match')} columns={[
                    { id: 'from', title: t('mappage.from'), cell: each => names.place(each.from), sort: each => names.place(each.from) },
                    { id: 'to', title: t('mappage.to'), cell: each => names.place(each.to), sort: each => names.place(each.to) },
                    { id: 'n', title: t('mappage.seizures'), number: true, cell: each => opens(`${names.place(each.from)} → ${names.place(each.to)}`, each.seizures), sort: each => each.seizures.length },
                ]} />
            ) : (
                <Table label={t('mappage.places.table')} rows={spotsOf(seizures)} keyOf={each => each.id} empty={t('empty.no_match')} columns={[
                    { id: 'place', title: t('place'), cell: each => <span lang="en">{each.title}</span>, sort: each => each.title },
                    { id: 'country', title: t('mappage.country'), cell: each => names.place(each.country), sort: each => names.place(each.country) },
                    { id: 'n', title: t('mappage.seizures'), number: true, cell: each => opens(each.title, each.seizures), sort: each => each.seizures.length },
                ]} />
            )}
            <Drawer title={open?.title ?? ''} eyebrow={<p className="eyebrow">{t('mappage.seizures')}</p>} isOpen={open !== null} onClose={() => setOpen(null)}>{open && <Rows rows={open.rows} />}</Drawer>
        </Section>
    );
}

function Rows({ rows }: { rows: Seizure[] }) {
    const { t, number, date, known } = useText(), names = useNames(), drug = useDrug(), word = (value: string | undefined) => value && known('dim_value', value, value.replaceAll('_', ' '));
    return (
        <>
            <p className="note">{t('table.count', { n: rows.length })} · {names.source(rows[0]?.source ?? '')}</p>
            <Table label={t('mappage.seizures')} rows={rows} keyOf={each => `${each.file}:${each.row}`} height={620} columns={[
                { id: 'day', title: t('period'), cell: each => <span className="stack-s"><span className="nowrap">{date(each.period.slice(0, 10))}</span><span className="note">{each.file}:{each.row} · {each.handling}</span></span>, sort: each => each.period },
                { id: 'what', title: t('mappage.drug'), cell: each => drug(each.what), sort: each => each.what },
                { id: 'value', title: t('value'), number: true, cell: each => <span className="nowrap">{number(each.value)} {names.unit(each.unit)}</span>, sort: each => each.value },
                { id: 'where', title: t('place'), width: '34%', cell: each => <span className="stack-s"><span>{names.place(each.place)}</span><span className="note">{[each.dims.place_name, word(each.dims.transport), word(each.dims.hiding_place)].filter(Boolean).join(' · ')}</span></span>, sort: each => each.place },
            ]} />
        </>
    );
}
