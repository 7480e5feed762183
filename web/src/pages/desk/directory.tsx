// Who is reached where and when: desks, never persons; on duty now, keys to check by telephone.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, EmptyState, explain, Facts, Field, Many, useToast } from '@/ui';
import { kSpoken, type ContactPoint } from './records';

export function Directory() {
    const { t, time, tongue, list } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [changing, setChanging] = useState<ContactPoint | 'new' | null>(null);
    const asked = useQuery({ queryKey: ['contacts'], queryFn: ({ signal }) => api.all<ContactPoint>('contact/points', { signal }), refetchInterval: 300_000 }), may = session !== null && ['contact_point', 'analyst', 'director', 'administrator'].includes(session.role);
    return (
        <div className="work">
            <div className="row"><p className="muted grow">{t('desk.directory.lead')}</p>{may && <Button variant="primary" icon="plus" onPress={() => setChanging('new')}>{t('desk.contact.new')}</Button>}</div>
            <Answer of={asked}>
                {({ items }) => items.length === 0 ? <EmptyState title={t('desk.directory.none')}>{t('desk.directory.none.more')}</EmptyState> : (
                    <ul className="contacts">
                        {[...items].sort((a, b) => names.member(a.organisation).localeCompare(names.member(b.organisation))).map(each => (
                            <li key={each.id} className="contact">
                                <div className="row between"><h2>{names.member(each.organisation)}</h2><Badge kind={each.on_duty ? 'good' : 'plain'}>{each.on_duty ? '●' : '○'} {t(each.on_duty ? 'desk.on_duty' : 'desk.off_duty')}</Badge></div>
                                <p>{each.desk}</p>
                                <Facts items={[
                                    [t('desk.hours'), `${each.hours} (${each.zone})`], each.phone !== '' && [t('desk.phone'), <a key="p" href={`tel:${each.phone.replace(/[^+\d]/g, '')}`}>{each.phone}</a>], each.email !== '' && [t('desk.email'), <a key="e" href={`mailto:${each.email}`}>{each.email}</a>],
                                    each.languages.length > 0 && [t('desk.languages'), list(each.languages.map(code => tongue(code)))], each.address !== '' && [t('desk.node'), <code key="a">{each.address}</code>], each.fingerprint !== '' && [t('desk.fingerprint'), <code key="f" className="fingerprint">{each.fingerprint}</code>], each.note !== '' && [t('desk.note'), each.note], [t('desk.changed'), time(each.modified)],
                                ]} />
                                {may && each.organisation === session?.organisation && <div className="row"><Button small onPress={() => setChanging(each)}>{t('admin.change')}</Button><Button small variant="danger" onPress={() => void api.delete(`contact/points/${each.id}`).then(() => { toast(t('desk.contact.kept'), 'good'); void forget('contacts'); }, error => toast.error(error))}>{t('do.delete')}</Button></div>}
                            </li>
                        ))}
                    </ul>
                )}
            </Answer>
            {changing && <Change former={changing === 'new' ? null : changing} onClose={() => setChanging(null)} />}
        </div>
    );
}

function Change({ former, onClose }: { former: ContactPoint | null; onClose: () => void }) {
    const text = useText(), { t, tongue } = text, session = useSession(), forget = useForget(), toast = useToast(), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const [form, setForm] = useState({ organisation: former?.organisation ?? session?.organisation ?? '', desk: former?.desk ?? '', hours: former?.hours ?? '24/7', zone: former?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, email: former?.email ?? '', phone: former?.phone ?? '', address: former?.address ?? '', public_key: former?.public_key ?? '', fingerprint: former?.fingerprint ?? '', languages: former?.languages ?? ['en'], note: former?.note ?? '' }), set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what }));
    const save = async () => {
        setBusy(true);
        setProblem('');
        try {
            await (former ? api.put(`contact/points/${former.id}`, form) : api.post('contact/points', form));
            toast(t('desk.contact.kept'), 'good');
            void forget('contacts');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t(former ? 'desk.contact.change' : 'desk.contact.new')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.desk.trim()} onPress={() => void save()}>{t('do.save')}</Button></>}>
            <div className="form-grid">
                <Field label={t('desk.desk')} help={t('desk.desk.help')} value={form.desk} onChange={desk => set({ desk })} required maxLength={200} autoFocus />
                <Field label={t('desk.hours')} help={t('desk.hours.help')} value={form.hours} onChange={hours => set({ hours })} maxLength={200} />
                <Field label={t('desk.zone')} value={form.zone} onChange={zone => set({ zone })} maxLength={60} />
                <Field label={t('desk.phone')} value={form.phone} onChange={phone => set({ phone })} maxLength={60} />
                <Field label={t('desk.email')} value={form.email} onChange={email => set({ email })} type="email" maxLength={200} />
                <Field label={t('desk.node')} value={form.address} onChange={address => set({ address })} maxLength={200} />
                <Many label={t('desk.languages')} values={form.languages} onChange={languages => set({ languages })} options={kSpoken.map(id => ({ id: id as string, label: tongue(id) }))} />
                <Field label={t('desk.fingerprint')} value={form.fingerprint} onChange={fingerprint => set({ fingerprint })} maxLength={200} />
                <div className="full"><Field label={t('desk.key')} help={t('desk.key.help')} value={form.public_key} onChange={public_key => set({ public_key })} multiline maxLength={8000} /></div>
                <div className="full"><Field label={t('desk.note')} value={form.note} onChange={note => set({ note })} multiline maxLength={2000} /></div>
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
