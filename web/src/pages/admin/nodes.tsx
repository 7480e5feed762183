// The nodes of other members: how each feed stands, what came and what was set aside, our own card for them.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { save } from '@/evidence/export';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, EmptyState, explain, Facts, Field, Section, Table, useToast, type BadgeKind } from '@/ui';

interface Card { organisation: string; name: string; address: string; public_key: string; contacts: { title: string; email: string; phone: string; hours: string }[]; made: string; signature: string }
interface Peer { organisation: string; name: string; address: string; fingerprint: string; state: string; contact: string; whole: string; next: string; error: string; failures: number; received: number; aside: number; missing: number; posted: number; waiting: number }
interface Aside { peer: string; hash: string; number: number; kind: string; object: string; code: string; reason: string; at: string; tries: number }
const stateKind = (state: string): BadgeKind => (state === 'in step' ? 'good' : state === 'behind' ? 'accent' : state === 'removed' ? 'plain' : 'bad');
const stateKey = (state: string) => state.replace(/ /g, '_') as 'in_step';

export function Nodes() {
    const { t, time, number, ago } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [adding, setAdding] = useState(false), [removing, setRemoving] = useState<Peer | null>(null), may = session?.role === 'administrator';
    const own = useQuery({ queryKey: ['nodes', 'own'], retry: false, queryFn: ({ signal }) => api.get<{ card: Card; fingerprint: string }>('node', { signal }) }), peers = useQuery({ queryKey: ['nodes', 'peers'], queryFn: ({ signal }) => api.all<Peer>('nodes', { signal }), refetchInterval: 30_000 }), aside = useQuery({ queryKey: ['nodes', 'aside'], queryFn: ({ signal }) => api.all<Aside>('nodes/aside', { signal }) });
    const remove = (each: Peer) => api.delete(`nodes/${each.organisation}`).then(() => { toast(t('do.done'), 'good'); void forget('nodes'); }, error => toast.error(error));
    return (
        <div className="work">
            <Section title={t('nodes.own')} lead={t('nodes.own.lead')}>
                {own.error instanceof ApiError && own.error.status === 404 ? <EmptyState title={t('nodes.own.none')}><code>threatlas node init --organisation …</code></EmptyState> : <Answer of={own} lines={3}>{({ card, fingerprint }) => (
                    <div className="stack"><Facts items={[[t('account.organisation'), names.member(card.organisation)], [t('desk.node'), <code key="a">{card.address}</code>], [t('desk.fingerprint'), <code key="f" className="fingerprint">{fingerprint}</code>]]} /><div className="row"><Button small icon="download" onPress={() => save(`${card.organisation}.card.json`, 'application/json', JSON.stringify(card, null, 2))}>{t('nodes.card')}</Button></div></div>
                )}</Answer>}
            </Section>
            <Section title={t('nodes.peers')} lead={t('nodes.peers.lead')} actions={may && <Button variant="primary" icon="plus" onPress={() => setAdding(true)}>{t('nodes.add')}</Button>}>
                <Answer of={peers} lines={4}>{({ items }) => <Table label={t('nodes.peers')} rows={items} keyOf={each => each.organisation} empty={t('nodes.none')} columns={[
                    { id: 'who', title: t('account.organisation'), cell: each => <span className="stack-s"><span>{names.member(each.organisation)}</span><code className="note">{each.address}</code></span>, sort: each => names.member(each.organisation) },
                    { id: 'state', title: t('admin.state'), cell: each => <span className="stack-s"><Badge kind={stateKind(each.state)}>{t(`nodes.state.${stateKey(each.state)}`)}</Badge>{each.error && <span className="note" lang="en">{each.error}</span>}{each.failures > 0 && each.next && <span className="note">{t('nodes.next', { at: time(each.next) })}</span>}</span>, sort: each => each.state },
                    { id: 'contact', title: t('nodes.contact'), cell: each => (each.contact ? ago(each.contact) : t('match.never')), sort: each => each.contact },
                    { id: 'received', title: t('nodes.received'), number: true, cell: each => number(each.received, 0), sort: each => each.received },
                    { id: 'missing', title: t('nodes.missing'), number: true, cell: each => number(each.missing, 0), sort: each => each.missing },
                    { id: 'aside', title: t('nodes.aside'), number: true, cell: each => number(each.aside, 0), sort: each => each.aside },
                    { id: 'posted', title: t('nodes.posted'), number: true, cell: each => <>{number(each.posted, 0)}{each.waiting > 0 && <span className="note"> {t('nodes.waiting', { n: each.waiting })}</span>}</>, sort: each => each.posted },
                    { id: 'key', title: t('desk.fingerprint'), cell: each => <code className="fingerprint">{each.fingerprint}</code> },
                    { id: 'do', title: '', cell: each => may && each.state !== 'removed' && <Button small variant="danger" onPress={() => setRemoving(each)}>{t('nodes.remove')}</Button> },
                ]} />}</Answer>
            </Section>
            {(aside.data?.items.length ?? 0) > 0 && <Section title={t('nodes.aside')} lead={t('nodes.aside.lead')}><Table label={t('nodes.aside')} rows={aside.data!.items} keyOf={each => each.peer + each.hash} height={420} columns={[
                { id: 'at', title: t('admin.audit.at'), cell: each => <span className="nowrap">{time(each.at)}</span>, sort: each => each.at },
                { id: 'peer', title: t('account.organisation'), cell: each => names.member(each.peer), sort: each => names.member(each.peer) },
                { id: 'kind', title: t('desk.kind'), cell: each => <span className="stack-s"><span>{each.kind}</span><code className="note">{each.object}</code></span>, sort: each => each.kind },
                { id: 'reason', title: t('data.refused.reason'), cell: each => <span lang="en">{each.reason}</span> },
                { id: 'tries', title: t('desk.tries'), number: true, cell: each => each.tries, sort: each => each.tries },
            ]} /></Section>}
            <Dialog alert title={t('nodes.remove.title', { name: removing ? names.member(removing.organisation) : '' })} isOpen={removing !== null} onClose={() => setRemoving(null)} foot={<><Button onPress={() => setRemoving(null)}>{t('do.cancel')}</Button><Button variant="danger" onPress={() => { void remove(removing!); setRemoving(null); }}>{t('nodes.remove')}</Button></>}><p>{t('nodes.remove.lead')}</p></Dialog>
            {adding && <Add onClose={() => { setAdding(false); void forget('nodes'); }} />}
        </div>
    );
}

// Their card, the fingerprint read to them by telephone, the token they gave us; the token for them is shown once.
function Add({ onClose }: { onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), [card, setCard] = useState(''), [token, setToken] = useState(''), [made, setMade] = useState<{ organisation: string; fingerprint: string; token: string } | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const add = async () => {
        setBusy(true);
        setProblem('');
        try {
            setMade(await api.post('nodes', { card: JSON.parse(card), token }));
        } catch (error) { setProblem(error instanceof SyntaxError ? t('nodes.card.wrong') : explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t('nodes.add')} alert={made !== null} isOpen onClose={onClose} foot={made ? <Button variant="primary" onPress={onClose}>{t('do.close')}</Button> : <><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!card.trim()} onPress={() => void add()}>{t('nodes.add')}</Button></>}>
            {made ? <div className="stack"><Facts items={[[t('account.organisation'), names.member(made.organisation)], [t('desk.fingerprint'), <code key="f" className="fingerprint">{made.fingerprint}</code>]]} /><p>{t('nodes.compare')}</p>{made.token && <><p>{t('nodes.token')}</p><p className="secret">{made.token}</p></>}</div> : (
                <div className="stack json-edit">
                    <Field label={t('nodes.card.theirs')} help={t('nodes.card.help')} value={card} onChange={setCard} multiline required maxLength={65536} />
                    <Field label={t('nodes.token.ours')} help={t('nodes.token.ours.help')} value={token} onChange={setToken} autoComplete="off" />
                    {problem && <p className="form-problem" role="alert">{problem}</p>}
                </div>
            )}
        </Dialog>
    );
}
