import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import type { Page, Role } from '@/api/types';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, explain, Section, Select, Table, useToast } from '@/ui';

interface Person { id: string; name: string; email?: string; organisation: string; role: Role; clearance: string; state: string; totp?: boolean; made?: string }
interface Invitation { id: string; organisation: string; role: Role; clearance: string; expires?: string; made_by?: string }
export const kRoles: Role[] = ['contributor', 'analyst', 'director', 'contact_point', 'auditor', 'administrator'];
export const kClearances = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'];

export function useOrganisations() {
    const names = useNames();
    return [{ id: 'regional', label: names.member('regional') }, ...(names.region?.members ?? []).map(each => ({ id: each.id, label: names.member(each.id) }))];
}

export function People() {
    const { t, date } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [inviting, setInviting] = useState(false), [changing, setChanging] = useState<Person | null>(null), [erasing, setErasing] = useState<Person | null>(null), [withdrawing, setWithdrawing] = useState<Invitation | null>(null), may = session?.role === 'administrator';
    const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => api.all<Person>('people', { signal }) }), open = useQuery({ queryKey: ['invitations'], queryFn: ({ signal }) => api.get<Page<Invitation>>('invitations', { signal }) });
    const act = (what: Promise<unknown>, said: string) => what.then(() => { toast(said, 'good'); void forget('people'); void forget('invitations'); }, error => toast.error(error));
    return (
        <div className="work">
            {may && <div className="row"><Button variant="primary" icon="plus" onPress={() => setInviting(true)}>{t('admin.invite')}</Button></div>}
            <Answer of={people}>
                {({ items }) => (
                    <Table label={t('admin.people')} rows={items} keyOf={each => each.id} columns={[
                        { id: 'name', title: t('account.name'), cell: each => <span className="stack-s"><span>{each.name || <span className="muted">{t('admin.erased')}</span>}</span><span className="note">{each.id}</span></span>, sort: each => each.name },
                        { id: 'organisation', title: t('account.organisation'), cell: each => names.member(each.organisation), sort: each => each.organisation },
                        { id: 'role', title: t('account.role'), cell: each => t(`role.${each.role}`), sort: each => each.role },
                        { id: 'clearance', title: t('account.clearance'), cell: each => each.clearance, sort: each => each.clearance },
                        { id: 'totp', title: t('account.totp'), cell: each => <Badge kind={each.totp ? 'good' : 'plain'}>{t(each.totp ? 'account.totp.on' : 'account.totp.off')}</Badge> },
                        { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.state === 'active' ? 'good' : 'bad'}>{t(`admin.state.${each.state}` as 'admin.state.active')}</Badge>, sort: each => each.state },
                        { id: 'do', title: '', cell: each => may && each.state !== 'erased' && each.id !== session?.account && <span className="row"><Button small onPress={() => setChanging(each)}>{t('admin.change')}</Button><Button small onPress={() => void act(api.post(`people/${each.id}/unlock`), t('admin.unlocked'))}>{t('admin.unlock')}</Button><Button small variant="danger" onPress={() => setErasing(each)}>{t('admin.erase')}</Button></span> },
                    ]} />
                )}
            </Answer>
            <Section title={t('admin.invitations')}>
                <Answer of={open} lines={2}>{({ items }) => <Table label={t('admin.invitations')} rows={items} keyOf={each => each.id} empty={t('admin.invitations.none')} columns={[{ id: 'o', title: t('account.organisation'), cell: each => names.member(each.organisation) }, { id: 'r', title: t('account.role'), cell: each => t(`role.${each.role}`) }, { id: 'c', title: t('account.clearance'), cell: each => each.clearance }, { id: 'e', title: t('admin.until'), cell: each => (each.expires ? date(each.expires) : '–') }, { id: 'x', title: '', cell: each => may && <Button small variant="danger" onPress={() => setWithdrawing(each)}>{t('admin.withdraw')}</Button> }]} />}</Answer>
            </Section>
            <Dialog alert title={t('admin.invitation.withdraw.title')} isOpen={withdrawing !== null} onClose={() => setWithdrawing(null)} foot={<><Button onPress={() => setWithdrawing(null)}>{t('do.cancel')}</Button><Button variant="danger" onPress={() => { void act(api.delete(`invitations/${withdrawing!.id}`), t('admin.invitation.withdrawn')); setWithdrawing(null); }}>{t('admin.withdraw')}</Button></>}><p>{t('admin.invitation.withdraw.lead')}</p></Dialog>
            {inviting && <Standing title={t('admin.invite')} onClose={() => setInviting(false)} save={async standing => { const made = await api.post<{ token?: string; link?: string }>('invitations', standing); void forget('invitations'); return made.link ? new URL(made.link, location.origin).href : `${location.origin}/invitation#${made.token}`; }} />}
            {changing && <Standing title={changing.name} person={changing} onClose={() => setChanging(null)} save={async (standing, state) => { await api.patch(`people/${changing.id}`, { ...standing, state }); void forget('people'); toast(t('admin.changed'), 'good'); return null; }} />}
            <Dialog alert title={t('admin.erase.title', { name: erasing?.name ?? '' })} isOpen={erasing !== null} onClose={() => setErasing(null)} foot={<><Button onPress={() => setErasing(null)}>{t('do.cancel')}</Button><Button variant="danger" onPress={() => { void act(api.delete(`people/${erasing!.id}`), t('admin.erased')); setErasing(null); }}>{t('admin.erase')}</Button></>}><p>{t('admin.erase.lead')}</p></Dialog>
        </div>
    );
}

function Standing({ title, person, onClose, save }: { title: string; person?: Person; onClose: () => void; save: (standing: { organisation: string; role: Role; clearance: string }, state: string) => Promise<string | null> }) {
    const text = useText(), { t } = text, organisations = useOrganisations(), [organisation, setOrganisation] = useState(person?.organisation ?? 'regional'), [role, setRole] = useState<Role>(person?.role ?? 'analyst'), [clearance, setClearance] = useState(person?.clearance ?? 'TLP:AMBER'), [state, setState] = useState(person?.state ?? 'active'), [link, setLink] = useState<string | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await save({ organisation, role, clearance }, state);
            if (made) setLink(made);
            else onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={title} isOpen onClose={onClose} alert={link !== null} foot={link ? <Button variant="primary" onPress={onClose}>{t('do.close')}</Button> : <><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} onPress={() => void act()}>{t(person ? 'do.save' : 'admin.invite')}</Button></>}>
            {link ? <div className="stack"><p>{t('admin.invite.link')}</p><p className="secret" data-invitation>{link}</p><Button small icon="copy" onPress={() => void navigator.clipboard?.writeText(link)}>{t('do.copy')}</Button></div> : (
                <div className="stack">
                    <Select label={t('account.organisation')} value={organisation} onChange={setOrganisation} options={organisations} />
                    <Select label={t('account.role')} value={role} onChange={setRole} options={kRoles.map(id => ({ id, label: t(`role.${id}`) }))} help={t(`admin.role.${role}`)} />
                    <Select label={t('account.clearance')} value={clearance} onChange={setClearance} options={(kClearances.includes(clearance) ? kClearances : [clearance, ...kClearances]).map(id => ({ id, label: id }))} />
                    {person && <Select label={t('admin.state')} value={state} onChange={setState} options={(['active', 'blocked'] as const).map(id => ({ id, label: t(`admin.state.${id}`) }))} />}
                    {problem && <p className="form-problem" role="alert">{problem}</p>}
                </div>
            )}
        </Dialog>
    );
}
