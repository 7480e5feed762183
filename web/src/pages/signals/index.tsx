// The inbox of what is arising: pick one, see what it rests on, say what it is. j and k go down and up, a
// acknowledges, ? tells all keys.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { api } from '@/api/client';
import { queries, useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { useSignalWords } from '@/api/signal-words';
import type { FollowedSignal } from '@/api/types';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, EmptyState, PageFrame, Segments, Select, useToast, type BadgeKind } from '@/ui';
import { Detail } from './detail';
import { Quality } from './quality';
import '@/styles/work.css';

export const kTriage = ['analyst', 'director', 'contact_point'];
export const stateKind = (state: string): BadgeKind => (state === 'new' ? 'rising' : state === 'acknowledged' ? 'judged' : state === 'assessed' ? 'accent' : 'plain');
const kStates = ['open', 'new', 'acknowledged', 'assessed', 'closed', 'all'] as const;
type State = (typeof kStates)[number];

export default function Signals() {
    const { t } = useText(), names = useNames(), asked = useQuery(queries.signals()), [state, setState] = useState<State>('open'), [threat, setThreat] = useState('all'), [help, setHelp] = useState(false);
    const threats = useMemo(() => [...new Set(asked.data?.items.flatMap(each => each.threats) ?? [])].sort(), [asked.data]);
    return (
        <PageFrame title={t('signals.title')} lead={t('signals.lead')} actions={<Button icon="info" onPress={() => setHelp(true)}>{t('signals.keys')}</Button>}>
            <Answer of={asked} lines={10}>
                {({ items }) => (
                    <div className="work">
                        <Quality signals={items} />
                        <div className="filters">
                            <Segments label={t('signals.state')} value={state} onChange={setState} options={kStates.map(id => ({ id, label: t(`signals.state.${id}`) }))} />
                            <Select label={t('rank.threat')} value={threat} onChange={setThreat} options={[{ id: 'all', label: t('signals.all_threats') }, ...threats.map(id => ({ id, label: names.threat(id) }))]} />
                        </div>
                        <Inbox items={items.filter(each => (state === 'all' || each.state === state || (state === 'open' && each.state !== 'closed')) && (threat === 'all' || each.threats.includes(threat)))} none={items.length === 0} />
                    </div>
                )}
            </Answer>
            <Dialog title={t('signals.keys')} isOpen={help} onClose={() => setHelp(false)}>
                <dl className="facts">{(['j', 'k', 'a', '/'] as const).map(key => <Pair key={key} name={key} value={t(`signals.key.${key === '/' ? 'slash' : key}`)} />)}</dl>
            </Dialog>
        </PageFrame>
    );
}
const Pair = ({ name, value }: { name: string; value: string }) => <><dt><kbd>{name}</kbd></dt><dd>{value}</dd></>;

function Inbox({ items, none }: { items: FollowedSignal[]; none: boolean }) {
    const { t, period, percent } = useText(), words = useSignalWords(), { signal: chosen } = useParams({ strict: false }) as { signal?: string }, navigate = useNavigate(), session = useSession(), toast = useToast(), forget = useForget();
    const at = items.findIndex(each => each.id === chosen), open = (id: string) => void navigate({ to: `/signals/${id}` as '/', search: ((old: Record<string, unknown>) => old) as never, resetScroll: false });
    const may = session !== null && kTriage.includes(session.role);
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [role=dialog], [role=listbox]')) return;
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            const next = event.key === 'j' ? at + 1 : event.key === 'k' ? Math.max(0, at - 1) : -1;
            if (next >= 0 && next < items.length) open(items[next]!.id);
            if (event.key === 'a' && may && at >= 0 && items[at]!.state === 'new')
                api.post(`signals/${items[at]!.id}/steps`, { action: 'acknowledge' }).then(() => { toast(t('signals.acknowledged'), 'good'); void forget('signals'); void forget('signal'); }, error => toast.error(error));
        };
        window.addEventListener('keydown', press);
        return () => window.removeEventListener('keydown', press);
    });
    if (none) return <EmptyState title={t('signals.none')}>{t('signals.none.more')}</EmptyState>;
    if (items.length === 0) return <EmptyState>{t('empty.no_match')}</EmptyState>;
    return (
        <div className="panes">
            <nav className="pick-list" aria-label={t('signals.title')}>
                {items.map(each => (
                    <button key={each.id} type="button" aria-current={each.id === chosen} onClick={() => open(each.id)}>
                        <span className="head"><span lang={words.title(each).lang}>{words.title(each).text}</span><Badge kind={stateKind(each.state)}>{t(`signals.state.${each.state}` as 'signals.state.new')}</Badge></span>
                        <span className="note">{period(each.last || each.period)} · {t('signals.seen_expected', { seen: each.seen, expected: each.expected })} · {t('overview.arising.false', { p: percent(each.q) })}</span>
                    </button>
                ))}
            </nav>
            {chosen ? <Detail id={chosen} may={may} /> : <EmptyState title={t('signals.pick')}>{t('signals.pick.more')}</EmptyState>}
        </div>
    );
}
