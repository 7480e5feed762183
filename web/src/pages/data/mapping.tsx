// Which column is what. Every field is a column or a fixed value; words of the file may be translated to codes.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '@/api/client';
import { useRegion } from '@/api/queries';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Button, ComboBox, Field, Section, Select } from '@/ui';
import type { Uploaded } from './upload';

export type Rule = string | number | { column?: string; table?: Record<string, string>; as?: string; format?: string; unknown?: string; [key: string]: unknown };
export interface Mapping { columns?: Record<string, Rule>; source?: string; numbers?: { decimal?: string; thousands?: string }; [key: string]: unknown }

const kFields = ['what', 'place', 'period', 'value', 'unit', 'handling', 'id'] as const;
type Name = (typeof kFields)[number];
const kPeriods = ['year', 'month', 'day', 'interval', 'excel_serial'] as const;
const kNone = '\u0000none', kFixed = '\u0000fixed';
const columnOf = (rule: Rule | undefined) => (typeof rule === 'object' ? rule.column : undefined);

export function MappingForm({ upload, mapping, onChange }: { upload: Uploaded; mapping: Mapping; onChange: (mapping: Mapping) => void }) {
    const { t } = useText(), region = useRegion(), names = useNames(), [raw, setRaw] = useState<string | null>(null), [wrong, setWrong] = useState('');
    const codes = useQuery({ queryKey: ['codes'], staleTime: Infinity, queryFn: ({ signal }) => api.get<{ items: { id: string; title: string }[] }>('region/codes', { signal }) });
    const columns = mapping.columns ?? {}, set = (name: Name, rule: Rule | undefined) => {
        const next = { ...columns };
        if (rule === undefined) delete next[name];
        else next[name] = rule;
        onChange({ ...mapping, columns: next });
    };
    const choose = (name: Name, to: string) => {
        const old = columns[name];
        if (to === kNone) set(name, undefined);
        else if (to === kFixed) set(name, name === 'value' ? 1 : '');
        else set(name, { ...(typeof old === 'object' ? old : name === 'period' ? { as: 'year' } : {}), column: to });
    };
    const complex = (rule: Rule | undefined) => typeof rule === 'object' && rule.column === undefined;
    return (
        <div className="stack">
            <div className="map-fields">
                {kFields.map(name => {
                    const rule = columns[name], column = columnOf(rule), value = rule === undefined ? kNone : complex(rule) ? kFixed : column ?? kFixed;
                    return (
                        <div key={name} className="map-field" role="group" aria-label={t(`data.field.${name}`)}>
                            <span className="name">{t(`data.field.${name}`)}</span>
                            <Select label={t('data.mapping.column')} value={value} onChange={to => choose(name, to)} options={[{ id: kNone, label: t('data.mapping.none') }, { id: kFixed, label: complex(rule) ? t('data.mapping.several') : t('data.mapping.fixed') }, ...upload.headings.map(each => ({ id: each, label: each }))]} />
                            {complex(rule) ? <span className="note">{t('data.mapping.several.more')}</span> : rule !== undefined && column === undefined ? <Field label={t('data.mapping.value')} value={String(rule)} onChange={text => set(name, text)} /> : name === 'period' && typeof rule === 'object' ? <Select label={t('data.mapping.as')} value={rule.as ?? 'interval'} onChange={as => set(name, { ...rule, as })} options={kPeriods.map(id => ({ id, label: t(`data.period.${id}`) }))} /> : <span />}
                            {name === 'period' && typeof rule === 'object' && (rule.as === 'day' || rule.as === 'month') && <div className="map-field"><span /><span /><Field label={t('data.mapping.format')} help={t('data.mapping.format.help')} value={rule.format ?? ''} onChange={format => set(name, { ...rule, format })} /></div>}
                        </div>
                    );
                })}
            </div>
            <div className="form-grid">
                <ComboBox label={t('source')} value={mapping.source ?? null} onChange={source => onChange({ ...mapping, source: source ?? undefined })} options={(region?.sources ?? []).map(each => ({ id: each.id, label: names.source(each.id) }))} />
                <Select label={t('data.mapping.decimal')} value={mapping.numbers?.decimal ?? '.'} onChange={decimal => onChange({ ...mapping, numbers: { ...mapping.numbers, decimal } })} options={[{ id: '.', label: t('data.mapping.decimal.point') }, { id: ',', label: t('data.mapping.decimal.comma') }]} />
                <Select label={t('data.mapping.thousands')} value={mapping.numbers?.thousands || 'none'} onChange={each => onChange({ ...mapping, numbers: { ...mapping.numbers, thousands: each === 'none' ? '' : each } })} options={[{ id: 'none', label: t('data.mapping.thousands.none') }, { id: '.', label: '1.000' }, { id: ',', label: '1,000' }, { id: ' ', label: '1 000' }]} />
            </div>
            {(['what', 'place'] as const).map(name => typeof columns[name] === 'object' && columnOf(columns[name]) && <Words key={name} name={name} upload={upload} rule={columns[name] as Exclude<Rule, string | number>} onChange={rule => set(name, rule)} options={name === 'place' ? (region?.countries ?? []).map(each => ({ id: each.id, label: names.place(each.id) })) : codes.data?.items.map(each => ({ id: each.id, label: each.title, more: each.id }))} />)}
            <details onToggle={event => { if ((event.target as HTMLDetailsElement).open) setRaw(JSON.stringify(mapping, null, 2)); }}>
                <summary className="note">{t('data.mapping.raw')}</summary>
                <div className="json-edit stack-s"><Field label={t('data.mapping.raw')} hideLabel value={raw ?? ''} onChange={setRaw} multiline error={wrong || undefined} /><Button small onPress={() => { try { onChange(JSON.parse(raw ?? '{}') as Mapping); setWrong(''); } catch { setWrong(t('data.mapping.raw.wrong')); } }}>{t('data.mapping.raw.use')}</Button></div>
            </details>
        </div>
    );
}

// The file's own words beside the code each stands for.
function Words({ name, upload, rule, onChange, options }: { name: 'what' | 'place'; upload: Uploaded; rule: { column?: string; table?: Record<string, string>; [key: string]: unknown }; onChange: (rule: Rule) => void; options?: { id: string; label: string }[] }) {
    const { t } = useText(), [word, setWord] = useState(''), at = upload.headings.indexOf(rule.column ?? '');
    const words = useMemo(() => [...new Set([...Object.keys(rule.table ?? {}), ...upload.sample.map(row => row[at] ?? '').filter(Boolean)])].sort(), [rule.table, upload.sample, at]);
    const put = (each: string, to: string) => onChange({ ...rule, table: Object.fromEntries(Object.entries({ ...rule.table, [each]: to }).filter(([, code]) => code !== '')) });
    return (
        <Section level={3} title={t(`data.words.${name}`, { column: rule.column ?? '' })} lead={t('data.words.lead')}>
            <div className="form-grid">
                {words.map(each => (options ? <ComboBox key={each} label={each} value={rule.table?.[each] ?? null} onChange={to => put(each, to ?? '')} options={options} /> : <Field key={each} label={each} value={rule.table?.[each] ?? ''} onChange={to => put(each, to)} placeholder={t('data.words.code')} />))}
            </div>
            <div className="form-row"><Field label={t('data.words.another')} hideLabel placeholder={t('data.words.another')} value={word} onChange={setWord} /><Button small isDisabled={!word.trim() || words.includes(word)} onPress={() => { onChange({ ...rule, table: { ...rule.table, [word.trim()]: options?.[0]?.id ?? word.trim() } }); setWord(''); }}>{t('data.words.add')}</Button></div>
        </Section>
    );
}
