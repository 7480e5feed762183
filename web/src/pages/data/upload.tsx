// A file in, what it seems to hold, which column is what, what would be refused and why; then taken in.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { api } from '@/api/client';
import type { Page } from '@/api/types';
import { useForget, useRegion, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { JobLine, type Job } from '@/pages/jobs/line';
import { useText } from '@/i18n';
import { Badge, Button, explain, Field, ProgressBar, Section, Select, Table, useToast } from '@/ui';
import { MappingForm, type Mapping } from './mapping';
import { withCountries } from './places';

export interface Uploaded { id: string; file: string; bytes: number; headings: string[]; sample: string[][]; sheets: string[]; guess: Mapping; unsure: string[]; corrected: boolean; format: Record<string, unknown> }
interface Refused { row: number; column: string; verdict: string; reason: string; original: string }
interface Checked { rows: number; accepted: number; refused: number; duplicates: number; first_refused: Refused[]; notes: string[]; sample: Record<string, unknown>[] }

const kNeeded = ['what', 'period', 'value'];
const kLive = 2_000_000;   // bytes up to which a file is checked as one maps

export function Upload() {
    const text = useText(), { t, number } = text, names = useNames(), session = useSession(), region = useRegion(), toast = useToast(), forget = useForget(), input = useRef<HTMLInputElement>(null);
    const [upload, setUpload] = useState<Uploaded | null>(null), [mapping, setMapping] = useState<Mapping>({}), [member, setMember] = useState<string | null>(null), [known, setKnown] = useState(''), [checked, setChecked] = useState<Checked | null>(null), [job, setJob] = useState<Job | null>(null);
    const [sent, setSent] = useState<number | null>(null), [busy, setBusy] = useState(false), [over, setOver] = useState(false), [problem, setProblem] = useState(''), [open, setOpen] = useState('');
    const kept = useQuery({ queryKey: ['mappings'], queryFn: ({ signal }) => api.get<Page<{ id: string; mapping: Mapping }>>('mappings', { signal }) });
    const ofMember = session && session.organisation !== 'regional' ? session.organisation : null, by = ofMember ?? member;
    const run = async (what: () => Promise<void>) => {
        setBusy(true);
        setProblem('');
        try { await what(); } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); setSent(null); }
    };
    const take = (file: File) => run(async () => {
        setChecked(null);
        setJob(null);
        setSent(0);
        const made = await api.upload<Uploaded>('uploads', file, setSent);
        setUpload(made);
        setMapping(made.corrected && Object.keys(mapping).length > 0 ? mapping : withCountries(made.guess, made, region?.countries ?? []));
        toast(t('data.upload.taken', { file: made.file }), 'good');
    });
    // Another sheet, or headings that stand further down.
    const look = (sheet: string | undefined, heading_row: number | undefined) => run(async () => {
        setChecked(null);
        const made = await api.get<Uploaded>(`uploads/${upload!.id}`, { query: { sheet, heading_row } });
        setUpload(made);
        setMapping({ ...withCountries(made.guess, made, region?.countries ?? []), format: made.format });
    });
    const body = () => ({ mapping, ...(by ? { member: by } : {}), ...(known ? { known_at: known } : {}) });
    const check = () => run(async () => setChecked(await api.post<Checked>(`uploads/${upload!.id}/check`, body())));
    // As one maps: what would be refused now. A mapping that is not whole yet is told quietly.
    useEffect(() => {
        if (!upload || job || upload.bytes > kLive || !kNeeded.every(name => mapping.columns?.[name] !== undefined && mapping.columns[name] !== '')) return;
        const control = new AbortController(), timer = setTimeout(() => {
            api.post<Checked>(`uploads/${upload.id}/check`, body(), { signal: control.signal }).then(made => { setChecked(made); setOpen(''); }, error => { if (!control.signal.aborted) { setChecked(null); setOpen(explain(error, text)); } });
        }, 600);
        return () => { clearTimeout(timer); control.abort(); };
        // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [upload, mapping, by, known, job]);
    const keep = () => run(async () => {
        await api.post('mappings', mapping);
        toast(t('data.mapping.kept'), 'good');
        void forget('mappings');
    });
    const ingest = () => run(async () => setJob(await api.post<Job>(`uploads/${upload!.id}/ingest`, body())));
    const drop = (event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) void take(file);
    };
    return (
        <div className="work">
            <Section title={t('data.upload.file')} lead={t('data.upload.file.lead')}>
                <div className="drop" data-over={over || undefined} onDragOver={event => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
                    <p>{t('data.upload.drop')}</p>
                    <Button variant={upload ? undefined : 'primary'} icon="data" isPending={busy && sent !== null} onPress={() => input.current?.click()}>{t('data.upload.choose')}</Button>
                    <input ref={input} type="file" className="hidden" tabIndex={-1} aria-label={t('data.upload.choose')} accept=".csv,.tsv,.txt,.xlsx,.jsonl,.gz" onChange={event => { const file = event.target.files?.[0]; if (file) void take(file); event.target.value = ''; }} />
                    <p className="note">{t('data.upload.kinds')}</p>
                    {sent !== null && <ProgressBar label={t('data.upload.sending')} value={sent} />}
                </div>
            </Section>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
            {upload && sent === null && (
                <>
                    <Section title={upload.file} lead={t('data.upload.seen', { columns: upload.headings.length })}>
                        {(upload.sheets.length > 1 || upload.format.heading_row !== undefined) && (
                            <div className="filters">
                                {upload.sheets.length > 1 && <Select label={t('data.upload.sheet')} value={String(upload.format.sheet ?? upload.sheets[0])} onChange={sheet => void look(sheet, undefined)} options={upload.sheets.map(id => ({ id, label: id }))} />}
                                <Field label={t('data.upload.heading_row')} value={String(upload.format.heading_row ?? 1)} onChange={row => { if (Number(row) >= 1) void look(upload.sheets.length > 1 ? String(upload.format.sheet ?? '') : undefined, Number(row)); }} inputMode="numeric" />
                            </div>
                        )}
                        {upload.corrected && <p><Badge kind="accent">{t('data.upload.corrected')}</Badge></p>}
                        <div className="sample" tabIndex={0} role="region" aria-label={t('data.upload.sample')}><table><thead><tr>{upload.headings.map((each, i) => <th key={i} scope="col">{each}</th>)}</tr></thead><tbody>{upload.sample.slice(0, 6).map((row, r) => <tr key={r}>{upload.headings.map((_, i) => <td key={i}>{row[i] ?? ''}</td>)}</tr>)}</tbody></table></div>
                    </Section>
                    <Section title={t('data.mapping')} lead={t('data.mapping.lead')}>
                        {upload.unsure.length > 0 && <div className="stack-s"><p><Badge kind="judged">{t('data.mapping.unsure')}</Badge></p><ul className="points" lang="en">{upload.unsure.map(each => <li key={each}>{each}</li>)}</ul></div>}
                        <div className="form-grid">
                            {ofMember ? <Field label={t('member')} value={names.member(ofMember)} onChange={() => undefined} disabled /> : <Select label={t('member')} value={member ?? 'none'} onChange={id => setMember(id === 'none' ? null : id)} options={[{ id: 'none', label: t('data.mapping.no_member') }, ...(region?.members ?? []).map(each => ({ id: each.id, label: names.member(each.id) }))]} />}
                            <Field label={t('data.mapping.known')} help={t('data.mapping.known.help')} value={known} onChange={setKnown} type="date" />
                        </div>
                        {(kept.data?.items.length ?? 0) > 0 && <div className="filters"><Select label={t('data.mapping.use')} value={null} onChange={id => { const found = kept.data?.items.find(each => each.id === id); if (found) setMapping({ ...found.mapping, format: upload.format }); }} options={kept.data!.items.map(each => ({ id: each.id, label: each.id }))} /></div>}
                        <MappingForm key={upload.id} upload={upload} mapping={mapping} onChange={setMapping} />
                        <div className="row"><Button variant="primary" isPending={busy && sent === null} onPress={() => void check()}>{t('data.check')}</Button><Button isPending={busy && sent === null} isDisabled={!mapping.id} onPress={() => void keep()}>{t('data.mapping.keep')}</Button><span className="note" role="status">{open ? <><b>{t('data.check.open')}</b> <span lang="en">{open}</span></> : t('data.check.more')}</span></div>
                    </Section>
                </>
            )}
            {upload && sent === null && checked && (
                <Section title={checked.refused === 0 ? t('data.check.clean') : t('data.check.refused', { n: checked.refused })} lead={t('data.check.lead')}>
                    <div className="counts" role="status"><span><b>{number(checked.rows, 0)}</b>{t('data.check.rows')}</span><span><b>{number(checked.accepted, 0)}</b>{t('data.check.accepted')}</span><span><b>{number(checked.refused, 0)}</b>{t('data.check.refused.n')}</span><span><b>{number(checked.duplicates, 0)}</b>{t('data.check.repeated')}</span></div>
                    {checked.notes.map(each => <p key={each} className="note" lang="en">{each}</p>)}
                    {checked.first_refused.length > 0 && (
                        <>
                            <Table label={t('data.refused')} rows={checked.first_refused} keyOf={each => `${each.row}/${each.column}/${each.reason}`} columns={[
                                { id: 'row', title: t('data.refused.row'), number: true, cell: each => each.row, sort: each => each.row, width: 70 },
                                { id: 'column', title: t('data.refused.column'), cell: each => each.column || '–', sort: each => each.column },
                                { id: 'reason', title: t('data.refused.reason'), cell: each => <span lang="en">{each.reason}</span>, sort: each => each.reason },
                                { id: 'original', title: t('data.refused.original'), cell: each => <code>{each.original}</code> },
                            ]} />
                            <div className="row"><a className="button" href={`/api/v1/uploads/${upload.id}/refused?format=xlsx`} download>{t('data.refused.xlsx')}</a><a className="button" href={`/api/v1/uploads/${upload.id}/refused?format=csv`} download>{t('data.refused.csv')}</a><span className="note">{t('data.refused.more')}</span></div>
                        </>
                    )}
                    <div className="row"><Button variant="primary" isPending={busy} isDisabled={checked.accepted === 0 || job !== null} onPress={() => void ingest()}>{t('data.ingest', { n: checked.accepted })}</Button>{checked.refused > 0 && <span className="note">{t('data.ingest.rest')}</span>}</div>
                    {job && <JobLine id={job.id} onDone={() => { toast(t('data.ingest.done'), 'good'); void forget('submissions'); void forget('coverage'); }} />}
                </Section>
            )}
        </div>
    );
}
