// What others ask of us and what we asked: deadlines in front, answers beside their questions.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useEvents } from '@/api/events';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, EmptyState, Segments, type BadgeKind } from '@/ui';
import { Ask } from './ask';
import { ownReceipt, type Request } from './records';
import { RequestDetail } from './request';
import { useSpeaks } from './speaks';

const kBoxes = ['received', 'sent', 'all'] as const;
const kDay = 86_400_000;
// Days until the end of the deadline's day.
export const daysLeft = (deadline: string) => Math.ceil((new Date(deadline + 'T23:59:59Z').getTime() - Date.now()) / kDay) - 1;

export function useDeadline() {
    const { t, date } = useText();
    return (each: Request): { kind: BadgeKind; text: string } | null => {
        if (each.state !== 'open') return { kind: each.state === 'closed' ? 'good' : 'bad', text: t(`desk.state.${each.state}` as 'desk.state.closed') };
        if (!each.deadline) return null;
        const left = daysLeft(each.deadline);
        return left < 0 ? { kind: 'bad', text: t('desk.overdue', { date: date(each.deadline) }) } : left <= 2 ? { kind: 'judged', text: left === 0 ? t('desk.due_today') : t('desk.due_in', { n: left }) } : { kind: 'plain', text: t('desk.due_by', { date: date(each.deadline) }) };
    };
}

export function Requests({ chosen, onPick }: { chosen: string | undefined; onPick: (id: string) => void }) {
    const { t, date } = useText(), names = useNames(), session = useSession(), forget = useForget(), speaks = useSpeaks(), due = useDeadline(), [box, setBox] = useState<(typeof kBoxes)[number]>(chosen ? 'all' : 'received'), [open, setOpen] = useState<'open' | 'all'>('open'), [asking, setAsking] = useState(false);
    const asked = useQuery({ queryKey: ['requests'], queryFn: ({ signal }) => api.all<Request>('requests', { signal }) });
    useEvents(['request', 'answer'], () => void forget('requests'));
    const mine = (each: Request) => each.originator === session?.organisation;
    return (
        <div className="work">
            <div className="filters">
                <Segments label={t('desk.box')} value={box} onChange={setBox} options={kBoxes.map(id => ({ id, label: t(`desk.box.${id}`) }))} />
                <Segments label={t('admin.state')} value={open} onChange={setOpen} options={(['open', 'all'] as const).map(id => ({ id, label: t(`desk.open.${id}`) }))} />
                <span className="grow" />
                {speaks && <Button variant="primary" icon="plus" onPress={() => setAsking(true)}>{t('desk.ask')}</Button>}
            </div>
            <Answer of={asked}>
                {({ items }) => {
                    const shown = items.filter(each => (box === 'all' || (box === 'sent') === mine(each)) && (open === 'all' || each.state === 'open' || each.id === chosen)).sort((a, b) => Number(a.state !== 'open') - Number(b.state !== 'open') || (a.deadline || '9').localeCompare(b.deadline || '9') || b.issued.localeCompare(a.issued));
                    if (items.length === 0) return <EmptyState title={t('desk.requests.none')} action={speaks && <Button onPress={() => setAsking(true)}>{t('desk.ask')}</Button>}>{t('desk.requests.none.more')}</EmptyState>;
                    return (
                        <div className="panes">
                            {shown.length === 0 ? <p className="muted">{t('empty.no_match')}</p> : (
                                <nav className="pick-list" aria-label={t('desk.requests')}>
                                    {shown.map(each => {
                                        const state = due(each);
                                        return (
                                            <button key={each.id} type="button" aria-current={each.id === chosen} onClick={() => onPick(each.id)}>
                                                <span className="head"><span lang={each.language}>{!mine(each) && !ownReceipt(each, session?.organisation)?.read && <span className="fresh" role="img" aria-label={t('desk.unread')} />}{each.title}</span>{state && <Badge kind={state.kind}>{state.text}</Badge>}</span>
                                                <span className="note">{names.member(each.originator)} · {date(each.issued)} · {each.handling}</span>
                                            </button>
                                        );
                                    })}
                                </nav>
                            )}
                            {chosen ? <RequestDetail id={chosen} key={chosen} /> : <EmptyState title={t('desk.pick')} />}
                        </div>
                    );
                }}
            </Answer>
            {asking && <Ask onClose={() => setAsking(false)} onSent={id => { setBox('sent'); onPick(id); }} />}
        </div>
    );
}
