// Whole lists compared for a joint operation: agreed by both directors beforehand, for kinds, caps and a day.
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, explain, Field, Many, Section, Segments, Select, Table, useToast } from '@/ui';
import { kKinds, kPaths, useList, useStatus, type Session } from './records';

export function Sessions() {
    const { t, date, number, list } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), asked = useList<Session>('sessions'), [proposing, setProposing] = useState(false), [refusing, setRefusing] = useState<Session | null>(null), [busy, setBusy] = useState('');
    const director = session?.role === 'director', speaks = session !== null && ['director', 'analyst', 'contact_point'].includes(session.role), ours = (each: Session) => each.terms.asker === session?.organisation;
    const step = async (of: Session, action: string) => {
        setBusy(of.terms.id);
        try {
            await api.post(`${kPaths.sessions}/${of.terms.id}/steps`, { action, text: '' });
            toast(t('do.done'), 'good');
        } catch (error) { toast.error(error); } finally { setBusy(''); void forget('match'); }
    };
    return (
        <Section title={t('match.sessions')} lead={t('match.sessions.lead')} actions={director && <Button icon="plus" onPress={() => setProposing(true)}>{t('match.propose')}</Button>}>
            <Answer of={asked} lines={3}>{({ items }) => <Table label={t('match.sessions')} rows={items} keyOf={each => each.terms.id} empty={t('match.sessions.none')} columns={[
                { id: 'kind', title: t('match.session.what'), cell: each => <span className="stack-s"><span>{t(`match.session.${each.terms.kind as 'intersection'}`)}</span><span className="note">{list(each.terms.kinds.map(id => t(`match.kind.${id as 'phone'}`)))}</span></span> },
                { id: 'with', title: t('match.session.with'), cell: each => <span className="stack-s"><span>{names.member(ours(each) ? each.terms.holder : each.terms.asker)}</span><span className="note">{t(ours(each) ? 'match.session.ours' : 'match.session.theirs')}</span></span> },
                { id: 'case', title: t('match.case'), cell: each => <span className="stack-s"><span>{each.terms.case_reference}</span><span className="note">{each.terms.legal_basis}</span></span> },
                { id: 'caps', title: t('match.session.caps'), number: true, cell: each => `${number(each.terms.asker_cap, 0)} / ${number(each.terms.holder_cap, 0)}` },
                { id: 'until', title: t('admin.until'), cell: each => date(each.terms.until), sort: each => each.terms.until },
                { id: 'state', title: t('admin.state'), cell: each => <span className="stack-s"><Badge kind={each.state === 'done' ? 'good' : each.state === 'proposed' || each.state === 'agreed' ? 'accent' : 'bad'}>{t(`match.session.state.${each.state as 'done'}`)}</Badge>{each.common >= 0 && <b>{t('match.session.common', { n: each.common })}</b>}{each.note && <span className="note">{each.note}</span>}</span>, sort: each => each.state },
                { id: 'do', title: '', cell: each => <span className="row">{director && !ours(each) && each.state === 'proposed' && <><Button small variant="primary" isPending={busy === each.terms.id} onPress={() => void step(each, 'agree')}>{t('match.session.agree')}</Button><Button small variant="danger" onPress={() => setRefusing(each)}>{t('match.session.refuse')}</Button></>}{speaks && ours(each) && (each.state === 'proposed' || each.state === 'agreed' || each.state === 'failed') && <Button small isPending={busy === each.terms.id} onPress={() => void step(each, 'run')}>{t('match.session.run')}</Button>}</span> },
            ]} />}</Answer>
            {proposing && <Propose onClose={() => setProposing(false)} />}
            {refusing && <Refuse of={refusing} onClose={() => setRefusing(null)} />}
        </Section>
    );
}

function Propose({ onClose }: { onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), session = useSession(), status = useStatus().data, toast = useToast(), forget = useForget(), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const [form, setForm] = useState({ kind: 'intersection' as 'intersection' | 'cardinality', holder: null as string | null, kinds: ['phone'] as string[], asker_cap: '10000', holder_cap: '10000', case_reference: '', legal_basis: '', until: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10) }), set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what }));
    const send = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(kPaths.sessions, { ...form, asker: session?.organisation ?? '', asker_cap: Number(form.asker_cap), holder_cap: Number(form.holder_cap) });
            toast(t('match.proposed'), 'good');
            void forget('match');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t('match.propose')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.holder || form.kinds.length === 0 || !form.case_reference.trim() || !form.legal_basis.trim()} onPress={() => void send()}>{t('match.propose.do')}</Button></>}>
            <p className="muted">{t('match.propose.lead')}</p>
            <div className="form-grid">
                <div className="full stack-s"><Segments label={t('match.session.what')} value={form.kind} onChange={kind => set({ kind })} options={(['intersection', 'cardinality'] as const).map(id => ({ id, label: t(`match.session.${id}`) }))} /><p className="note">{t(`match.session.${form.kind}.help`)}</p></div>
                <Select label={t('match.session.with')} value={form.holder} onChange={holder => set({ holder })} options={(status?.peers ?? []).map(each => ({ id: each.organisation, label: names.member(each.organisation) }))} />
                <Many label={t('match.kind')} values={form.kinds} onChange={kinds => set({ kinds })} options={kKinds.map(id => ({ id: id as string, label: t(`match.kind.${id}`) }))} />
                <Field label={t('admin.until')} value={form.until} onChange={until => set({ until })} type="date" />
                <Field label={t('match.session.cap.ours')} value={form.asker_cap} onChange={asker_cap => set({ asker_cap })} inputMode="numeric" />
                <Field label={t('match.session.cap.theirs')} value={form.holder_cap} onChange={holder_cap => set({ holder_cap })} inputMode="numeric" />
                <div className="full"><Field label={t('match.case')} help={t('match.case.help')} value={form.case_reference} onChange={case_reference => set({ case_reference })} required maxLength={100} /></div>
                <div className="full"><Field label={t('match.basis')} help={t('match.basis.help')} value={form.legal_basis} onChange={legal_basis => set({ legal_basis })} required maxLength={200} /></div>
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}

function Refuse({ of, onClose }: { of: Session; onClose: () => void }) {
    const text = useText(), { t } = text, forget = useForget(), [words, setWords] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`${kPaths.sessions}/${of.terms.id}/steps`, { action: 'refuse', text: words });
            void forget('match');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog alert title={t('match.session.refuse')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="danger" isPending={busy} isDisabled={!words.trim()} onPress={() => void act()}>{t('match.session.refuse')}</Button></>}>
            <Field label={t('desk.reason')} value={words} onChange={setWords} required maxLength={1000} autoFocus />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
