// What was agreed, by whom, until when; and whether the figure has moved since. It never says why.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useRegion, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { Chart, TimeChart } from '@/charts';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, Badge, Button, Checkbox, ComboBox, Dialog, EmptyState, explain, Facts, Field, PageFrame, Section, Segments, Select, useToast, type BadgeKind } from '@/ui';
import '@/styles/work.css';

interface Works { indicator: string; title: string; step: string; unit: string; points: { period: string; seen: number; since: boolean; expected: number }[]; word: string; ratio: number; low: number; high: number; statement: string; before: number; since: number }
interface Agreed { id: string; title: string; threat: string; members: string[]; measure: string; indicator: string; place: string; baseline: number; target: number; decided: string; due: string; handling: string; state: string; opened: string; person: string; organisation: string; steps: { action: string; text: string; at: string; person: string; organisation: string }[]; works?: Works }

const kWriters = ['analyst', 'director', 'contact_point'];
const workKind = (word: string | undefined): BadgeKind => (word === 'lower' ? 'falling' : word === 'higher' ? 'rising' : 'plain');
const kWords = { lower: 'decisions.works.lower', higher: 'decisions.works.higher', 'no clear change': 'decisions.works.unclear', 'not assessed': 'decisions.works.not_assessed' } as const;

export default function Decisions() {
    const { t, date } = useText(), names = useNames(), session = useSession(), { decision: chosen } = useParams({ strict: false }) as { decision?: string }, navigate = useNavigate(), [adding, setAdding] = useState(false), [only, setOnly] = useState<'open' | 'all'>('open');
    const asked = useQuery({ queryKey: ['decisions', 'whole'], queryFn: ({ signal }) => api.all<Agreed>('decisions', { signal }) }), may = session !== null && kWriters.includes(session.role);
    const today = new Date().toISOString().slice(0, 10);
    return (
        <PageFrame title={t('decisions.title')} lead={t('decisions.lead')} actions={may && <Button variant="primary" icon="plus" onPress={() => setAdding(true)}>{t('decisions.new')}</Button>}>
            <Answer of={asked}>
                {({ items }) => items.length === 0 ? <EmptyState title={t('decisions.none')} action={may && <Button onPress={() => setAdding(true)}>{t('decisions.new')}</Button>}>{t('decisions.none.more')}</EmptyState> : (
                    <div className="work">
                        <Segments label={t('decisions.title')} value={only} onChange={setOnly} options={[{ id: 'open', label: t('decisions.only_open') }, { id: 'all', label: t('decisions.all') }]} />
                        <div className="panes">
                            <nav className="pick-list" aria-label={t('decisions.title')}>
                                {items.filter(each => only === 'all' || each.state === 'open').map(each => (
                                    <button key={each.id} type="button" aria-current={each.id === chosen} onClick={() => void navigate({ to: `/decisions/${each.id}` as '/', search: ((old: Record<string, unknown>) => old) as never })}>
                                        <span className="head"><span>{each.title}</span><Badge kind={each.state === 'done' ? 'good' : each.state === 'open' && each.due && each.due < today ? 'bad' : 'plain'}>{each.state === 'open' && each.due && each.due < today ? t('decisions.late') : t(`decisions.state.${each.state}` as 'decisions.state.open')}</Badge></span>
                                        <span className="note">{names.threat(each.threat)}{each.due && ' · ' + t('overview.decisions.due', { date: date(each.due) })}</span>
                                        {each.works && <span className="note">{t(kWords[each.works.word as keyof typeof kWords] ?? 'decisions.works.not_assessed')}</span>}
                                    </button>
                                ))}
                            </nav>
                            {chosen ? <Detail id={chosen} may={may} /> : <EmptyState title={t('decisions.pick')} />}
                        </div>
                    </div>
                )}
            </Answer>
            {adding && <NewDecision onClose={() => setAdding(false)} />}
        </PageFrame>
    );
}

function Detail({ id, may }: { id: string; may: boolean }) {
    const text = useText(), { t, date, time, number } = text, names = useNames(), forget = useForget(), toast = useToast(), [action, setAction] = useState<'progress' | 'done' | 'dropped'>('progress'), [words, setWords] = useState(''), [busy, setBusy] = useState(false);
    const asked = useQuery({ queryKey: ['decisions', id], queryFn: ({ signal }) => api.get<Agreed>(`decisions/${id}`, { signal }) });
    const step = async () => {
        setBusy(true);
        try {
            await api.post(`decisions/${id}/steps`, { action, text: words });
            setWords('');
            toast(t('decisions.step.kept'), 'good');
            void forget('decisions');
        } catch (error) { toast.error(error); } finally { setBusy(false); }
    };
    return (
        <Answer of={asked}>
            {d => (
                <article className="stack">
                    <header className="stack-s"><div className="row"><Badge kind={d.state === 'done' ? 'good' : 'accent'}>{t(`decisions.state.${d.state}` as 'decisions.state.open')}</Badge><span className="note">{d.id}</span></div><h2>{d.title}</h2><p className="story">{d.measure}</p></header>
                    <Facts items={[[t('rank.threat'), <Link key="t" to={threatPath(d.threat)}>{names.threat(d.threat)}</Link>], [t('decisions.members'), d.members.map(each => names.member(each)).join(', ') || '–'], [t('decisions.decided'), date(d.decided)], [t('decisions.due'), d.due ? date(d.due) : '–'], d.baseline || d.target ? [t('decisions.aim'), `${number(d.baseline)} → ${number(d.target)}`] : null, [t('handling'), d.handling]]} />
                    <Section level={3} title={t('decisions.works')} actions={d.works && <Badge kind={workKind(d.works.word)}>{t(kWords[d.works.word as keyof typeof kWords] ?? 'decisions.works.not_assessed')}</Badge>}>
                        {d.works && d.works.points.length > 0 ? <Chart title={<span lang="en">{d.works.statement}</span>} about={t('decisions.works.about', { title: d.works.title })} small foot={t('decisions.works.foot')}><TimeChart points={d.works.points.map(p => ({ period: p.period, value: p.seen, expected: p.since ? p.expected : null, mark: p.since }))} label={d.works.title} height={200} /></Chart> : <p className="muted" lang="en">{d.works?.statement || t('decisions.works.none')}</p>}
                    </Section>
                    <Section level={3} title={t('decisions.steps')}>{d.steps.length === 0 ? <p className="muted">{t('decisions.steps.none')}</p> : <ol className="steps">{d.steps.map((each, i) => <li key={i}><b>{t(`decisions.action.${each.action}` as 'decisions.action.done')}</b> <span className="note">{time(each.at)} · {each.person} · {names.member(each.organisation)}</span><p>{each.text}</p></li>)}</ol>}</Section>
                    {may && d.state === 'open' && (
                        <Section level={3} title={t('decisions.add_step')}>
                            <div className="stack"><Segments label={t('decisions.add_step')} value={action} onChange={setAction} options={(['progress', 'done', 'dropped'] as const).map(each => ({ id: each, label: t(`decisions.action.${each}`) }))} /><Field label={t('decisions.step.text')} value={words} onChange={setWords} multiline maxLength={4000} required /><div className="row"><Button variant="primary" isPending={busy} isDisabled={!words.trim()} onPress={() => void step()}>{t('do.save')}</Button></div></div>
                        </Section>
                    )}
                </article>
            )}
        </Answer>
    );
}

function NewDecision({ onClose }: { onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), region = useRegion(), toast = useToast(), forget = useForget(), navigate = useNavigate();
    const [form, setForm] = useState({ title: '', threat: null as string | null, measure: '', members: [] as string[], indicator: null as string | null, place: '', due: '' }), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what })), indicators = region?.indicators.filter(each => !form.threat || each.threat === form.threat) ?? [];
    const save = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await api.post<Agreed>('decisions', { title: form.title, threat: form.threat ?? '', measure: form.measure, members: form.members, indicator: form.indicator ?? '', place: form.place === 'region' ? '' : form.place, due: form.due }, { idempotencyKey: crypto.randomUUID?.() ?? String(Date.now() * Math.random()) });
            void forget('decisions');
            toast(t('decisions.kept'), 'good');
            onClose();
            void navigate({ to: `/decisions/${made.id}` as '/' });
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t('decisions.new')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.title.trim() || !form.measure.trim() || !form.threat} onPress={() => void save()}>{t('do.save')}</Button></>}>
            <div className="form-grid">
                <div className="full"><Field label={t('decisions.form.title')} value={form.title} onChange={title => set({ title })} required maxLength={200} autoFocus /></div>
                <ComboBox label={t('rank.threat')} value={form.threat} onChange={threat => set({ threat, indicator: null })} options={(region?.threats ?? []).map(each => ({ id: each.id, label: names.threat(each.id) }))} />
                <ComboBox label={t('decisions.form.indicator')} help={t('decisions.form.indicator.help')} value={form.indicator} onChange={indicator => set({ indicator })} options={indicators.map(each => ({ id: each.id, label: names.indicator(each.id) }))} />
                <Select label={t('place')} value={form.place || 'region'} onChange={place => set({ place })} options={[{ id: 'region', label: names.place('') }, ...(region?.countries ?? []).filter(each => each.role === 'member').map(each => ({ id: each.id, label: names.place(each.id) }))]} />
                <Field label={t('decisions.due')} value={form.due} onChange={due => set({ due })} type="date" />
                <div className="full"><Field label={t('decisions.form.measure')} value={form.measure} onChange={measure => set({ measure })} multiline required maxLength={4000} /></div>
                <fieldset className="full"><legend className="note">{t('decisions.members')}</legend><div className="form-row">{(region?.members ?? []).map(each => <Checkbox key={each.id} checked={form.members.includes(each.id)} onChange={on => set({ members: on ? [...form.members, each.id] : form.members.filter(m => m !== each.id) })}>{names.member(each.id)}</Checkbox>)}</div></fieldset>
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
