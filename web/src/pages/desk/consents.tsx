// Who may have a bulletin by its originator's consent: given, listed, taken back.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Badge, Button, Dialog, explain, Field, Section, Select, Table, useToast } from '@/ui';
import { kTlp } from './fields';
import type { Consent } from './records';
import { useSpeaks } from './speaks';

// Those that name it, to whoever has it; nothing where there are none.
export function Consents({ of }: { of: string }) {
    const { t, date } = useText(), names = useNames(), session = useSession(), speaks = useSpeaks(), [ending, setEnding] = useState<Consent | null>(null);
    const asked = useQuery({ queryKey: [...of.split('/'), 'consents'], queryFn: ({ signal }) => api.get<Page<Consent>>(`${of}/consents`, { signal }) }), items = asked.data?.items ?? [];
    if (items.length === 0) return null;
    return (
        <Section level={3} title={t('desk.consents')} lead={t('desk.consents.lead')}>
            <Table label={t('desk.consents')} rows={items} keyOf={each => each.id} columns={[
                { id: 'to', title: t('desk.forward.to'), cell: each => names.member(each.to), sort: each => each.to },
                { id: 'from', title: t('desk.originator'), cell: each => names.member(each.originator), sort: each => each.originator },
                { id: 'handling', title: t('desk.consent.handling'), cell: each => each.handling || t('desk.consent.same') },
                { id: 'until', title: t('desk.valid_until'), cell: each => (each.until ? date(each.until) : '–') },
                { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.revoked ? 'plain' : 'good'}>{t(each.revoked ? 'desk.consent.taken_back' : 'desk.consent.stands')}</Badge> },
                { id: 'end', title: '', cell: each => speaks && !each.revoked && each.originator === session?.organisation && <Button small variant="danger" onPress={() => setEnding(each)}>{t('desk.do.take_back')}</Button> },
            ]} />
            {ending && <TakeBack of={of} consent={ending} onClose={() => setEnding(null)} />}
        </Section>
    );
}

function TakeBack({ of, consent, onClose }: { of: string; consent: Consent; onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), forget = useForget(), toast = useToast(), [reason, setReason] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`${of}/consents/${consent.id}/withdrawal`, { reason });
            toast(t('desk.done.take_back'), 'good');
            void forget('bulletins');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t('desk.do.take_back')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="danger" isPending={busy} isDisabled={!reason.trim()} onPress={() => void act()}>{t('desk.do.take_back')}</Button></>}>
            <p>{t('desk.say.take_back', { name: names.member(consent.to) })}</p>
            <Field label={t('desk.reason')} value={reason} onChange={setReason} multiline maxLength={2000} required />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}

// The originator's leave: one more organisation may have it, and how mildly it may mark what it makes of it.
export function Give({ of, onClose }: { of: string; onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), session = useSession(), forget = useForget(), toast = useToast(), [to, setTo] = useState<string | null>(null), [handling, setHandling] = useState('none'), [until, setUntil] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`${of}/consents`, { to, handling: handling === 'none' ? '' : handling, until });
            toast(t('desk.done.consent'), 'good');
            void forget('bulletins');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t('desk.do.consent')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!to} onPress={() => void act()}>{t('desk.do.consent')}</Button></>}>
            <p>{t('desk.say.consent')}</p>
            <Select label={t('desk.forward.to')} value={to} onChange={setTo} options={(names.region?.members ?? []).filter(each => each.id !== session?.organisation).map(each => ({ id: each.id, label: names.member(each.id) }))} />
            <Select label={t('desk.consent.handling')} value={handling} onChange={setHandling} options={[{ id: 'none', label: t('desk.consent.same') }, ...kTlp.map(id => ({ id: id as string, label: id }))]} />
            <Field label={t('desk.consent.until')} value={until} onChange={setUntil} type="date" />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
