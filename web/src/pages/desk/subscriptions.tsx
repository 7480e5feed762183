// What comes by itself: subscriptions with their digest by e-mail, machines told by webhook, what was sent and how it went.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Checkbox, Dialog, EmptyState, explain, Field, Many, Section, Segments, Table, useToast } from '@/ui';
import { AboutFields } from './fields';
import { kBulletins, kSpoken, type Delivery, type DeskState, type Subscription, type Webhook } from './records';
import { useSpeaks } from './speaks';

const kDigests = ['at_once', 'daily', 'none'] as const, kEvents = ['bulletin', 'request', 'answer'] as const;

export function Subscriptions() {
    const { t, date, list, tongue } = useText(), names = useNames(), forget = useForget(), toast = useToast(), speaks = useSpeaks(), [adding, setAdding] = useState<'subscription' | 'webhook' | null>(null);
    const keeper = useSession()?.role === 'administrator', asked = useQuery({ queryKey: ['subscriptions'], enabled: !keeper, queryFn: ({ signal }) => api.get<Page<Subscription>>('subscriptions', { signal }) }), hooks = useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => api.get<Page<Webhook>>('webhooks', { signal }) });
    const end = (what: string, id: string) => api.delete(`${what}/${id}`).then(() => { toast(t('desk.ended'), 'good'); void forget(what); }, error => toast.error(error));
    const take = (what: string, id: string) => api.post(`${what}/${id}/takeover`).then(() => { toast(t('desk.taken_over'), 'good'); void forget(what); }, error => toast.error(error));
    const state = useQuery({ queryKey: ['contact', 'state'], refetchInterval: 60_000, queryFn: ({ signal }) => api.get<DeskState>('contact/state', { signal }) });
    const about = (each: Subscription) => [...each.areas.map(id => names.area(id)), ...each.threats.map(id => names.threat(id)), ...each.mos.map(id => names.code(id)), ...each.places.map(id => names.place(id)), ...each.languages.map(id => tongue(id))];
    return (
        <div className="work">
            {state.data?.problem && <div className="form-problem" role="status"><p>{t('desk.broken')}</p>{keeper && <p className="note" lang="en">{state.data.problem}</p>}</div>}
            {!keeper && <Section title={t('desk.subscriptions')} lead={t('desk.subscriptions.lead')} actions={speaks && <Button variant="primary" icon="plus" onPress={() => setAdding('subscription')}>{t('desk.subscribe')}</Button>}>
                <Answer of={asked} lines={2}>
                    {({ items }) => items.length === 0 ? <EmptyState title={t('desk.subscriptions.none')}>{t('desk.subscriptions.none.more')}</EmptyState> : <Table label={t('desk.subscriptions')} rows={items} keyOf={each => each.id} columns={[
                        { id: 'kinds', title: t('desk.kind'), cell: each => (each.kinds.length === 0 ? t('desk.kind.all') : list(each.kinds.map(id => t(`desk.kind.${id}` as 'desk.kind.warning')))) },
                        { id: 'about', title: t('desk.about'), cell: each => about(each).join(', ') || t('desk.everything') },
                        { id: 'digest', title: t('desk.digest'), cell: each => <span className="stack-s"><span>{t(`desk.digest.${each.digest}` as 'desk.digest.daily')}</span><span className="note">{each.email}</span></span>, sort: each => each.digest },
                        { id: 'made', title: t('desk.since'), cell: each => <span className="stack-s"><span>{date(each.made)}</span>{each.closed && <Badge>{t('desk.closed')}</Badge>}</span>, sort: each => each.made },
                        { id: 'end', title: '', cell: each => speaks && <span className="row">{each.closed && <Button small onPress={() => void take('subscriptions', each.id)}>{t('desk.take_over')}</Button>}<Button small variant="danger" onPress={() => void end('subscriptions', each.id)}>{t('desk.end')}</Button></span> },
                    ]} />}
                </Answer>
            </Section>}
            <Section title={t('desk.webhooks')} lead={t('desk.webhooks.lead')} actions={(speaks || keeper) && <Button icon="plus" onPress={() => setAdding('webhook')}>{t('desk.webhook.new')}</Button>}>
                <Answer of={hooks} lines={2}>{({ items }) => <Table label={t('desk.webhooks')} rows={items} keyOf={each => each.id} empty={t('desk.webhooks.none')} columns={[
                    { id: 'url', title: t('desk.webhook.url'), cell: each => <code>{each.url}</code>, sort: each => each.url },
                    { id: 'events', title: t('desk.webhook.events'), cell: each => (each.events.length === 0 ? t('desk.everything') : list(each.events.map(id => t(`desk.event.${id}` as 'desk.event.bulletin')))) },
                    { id: 'state', title: t('admin.state'), cell: each => (each.closed ? <Badge>{t('desk.closed')}</Badge> : <Badge kind={each.stopped ? 'bad' : 'good'}>{t(each.stopped ? 'desk.webhook.stopped' : 'desk.webhook.runs')}</Badge>) },
                    { id: 'end', title: '', cell: each => (speaks || keeper) && <span className="row">{each.closed && <Button small onPress={() => void take('webhooks', each.id)}>{t('desk.take_over')}</Button>}<Button small variant="danger" onPress={() => void end('webhooks', each.id)}>{t('desk.end')}</Button></span> },
                ]} />}</Answer>
            </Section>
            <Deliveries />
            {adding === 'subscription' && <Subscribe onClose={() => setAdding(null)} />}
            {adding === 'webhook' && <Hook onClose={() => setAdding(null)} />}
        </div>
    );
}

function Deliveries() {
    const { t, time, number } = useText(), asked = useQuery({ queryKey: ['deliveries'], queryFn: ({ signal }) => api.get<Page<Delivery>>('deliveries', { signal, query: { limit: 200 } }) }), at = (seconds: number) => (seconds ? time(new Date(seconds * 1000).toISOString()) : '–');
    return (
        <Section title={t('desk.deliveries')} lead={t('desk.deliveries.lead')}>
            <Answer of={asked} lines={2}>{({ items }) => <Table label={t('desk.deliveries')} rows={items} keyOf={each => String(each.number)} height={420} empty={t('desk.deliveries.none')} columns={[
                { id: 'made', title: t('desk.since'), cell: each => <span className="nowrap">{at(each.made)}</span>, sort: each => each.made },
                { id: 'subject', title: t('desk.subject'), cell: each => <code>{each.subject}</code>, sort: each => each.subject },
                { id: 'channel', title: t('desk.channel'), cell: each => t(`desk.channel.${each.channel}` as 'desk.channel.mail'), sort: each => each.channel },
                { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.state === 'sent' ? 'good' : each.state === 'waiting' ? 'accent' : 'bad'}>{t(`desk.delivery.${each.state}` as 'desk.delivery.sent')}</Badge>, sort: each => each.state },
                { id: 'tries', title: t('desk.tries'), number: true, cell: each => number(each.attempts.length, 0), sort: each => each.attempts.length },
                { id: 'last', title: t('desk.last_try'), cell: each => { const last = each.attempts.at(-1); return last ? <span className="stack-s"><span className="nowrap">{at(last.at)}</span>{last.outcome !== 'sent' && <span className="note" lang="en">{last.outcome}</span>}</span> : '–'; } },
                { id: 'next', title: t('desk.next_try'), cell: each => (each.state === 'waiting' ? <span className="nowrap">{at(each.next)}</span> : '–') },
            ]} />}</Answer>
        </Section>
    );
}

function Subscribe({ onClose }: { onClose: () => void }) {
    const text = useText(), { t, tongue } = text, names = useNames(), forget = useForget(), toast = useToast(), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const [form, setForm] = useState({ kinds: [] as string[], areas: [] as string[], threats: [] as string[], mos: [] as string[], places: [] as string[], languages: [] as string[], digest: 'daily' as (typeof kDigests)[number], email: '' }), set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what }));
    const save = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post('subscriptions', form);
            toast(t('desk.subscribed'), 'good');
            void forget('subscriptions');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t('desk.subscribe')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={form.digest !== 'none' && !form.email.includes('@')} onPress={() => void save()}>{t('desk.subscribe')}</Button></>}>
            <p className="muted">{t('desk.subscribe.lead')}</p>
            <div className="form-grid">
                <Many label={t('desk.kind')} values={form.kinds} onChange={kinds => set({ kinds })} options={kBulletins.map(id => ({ id: id as string, label: t(`desk.kind.${id}`) }))} />
                <Many label={t('desk.areas')} values={form.areas} onChange={areas => set({ areas })} options={(names.region?.areas ?? []).map(each => ({ id: each.id, label: names.area(each.id) }))} />
                <AboutFields value={form} onChange={set} />
                <Many label={t('desk.languages')} values={form.languages} onChange={languages => set({ languages })} options={kSpoken.map(id => ({ id: id as string, label: tongue(id) }))} />
                <div className="full"><Segments label={t('desk.digest')} value={form.digest} onChange={digest => set({ digest })} options={kDigests.map(id => ({ id, label: t(`desk.digest.${id}`) }))} /></div>
                {form.digest !== 'none' && <Field label={t('desk.email')} help={t('desk.email.help')} value={form.email} onChange={email => set({ email })} type="email" maxLength={200} />}
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}

function Hook({ onClose }: { onClose: () => void }) {
    const text = useText(), { t } = text, forget = useForget(), [url, setUrl] = useState('https://'), [events, setEvents] = useState<string[]>([]), [secret, setSecret] = useState<string | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const save = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await api.post<Webhook>('webhooks', { url, events });
            setSecret(made.secret ?? '');
            void forget('webhooks');
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t('desk.webhook.new')} alert={secret !== null} isOpen onClose={onClose} foot={secret !== null ? <Button variant="primary" onPress={onClose}>{t('do.close')}</Button> : <><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={url.length < 9} onPress={() => void save()}>{t('do.save')}</Button></>}>
            {secret !== null ? <div className="stack"><p>{t('desk.webhook.once')}</p><p className="secret">{secret}</p></div> : (
                <div className="stack">
                    <Field label={t('desk.webhook.url')} value={url} onChange={setUrl} required maxLength={500} autoFocus help={t('desk.webhook.url.help')} />
                    <fieldset><legend className="note">{t('desk.webhook.events')}</legend><div className="form-row">{kEvents.map(each => <Checkbox key={each} checked={events.includes(each)} onChange={on => setEvents(on ? [...events, each] : events.filter(e => e !== each))}>{t(`desk.event.${each}`)}</Checkbox>)}</div></fieldset>
                    {problem && <p className="form-problem" role="alert">{problem}</p>}
                </div>
            )}
        </Dialog>
    );
}
