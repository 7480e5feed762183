// Bulletins received and sent: pick one, read it, say that it was read, correct or withdraw one's own, pass another's on.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useEvents } from '@/api/events';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, EmptyState, Segments, Select } from '@/ui';
import { BulletinDetail, kindBadge } from './bulletin';
import { Compose } from './compose';
import { useSpeaks } from './speaks';
import { kBulletins, ownReceipt, type Bulletin } from './records';

const kBoxes = ['received', 'sent', 'all'] as const, kHolds = ['all', 'holds', 'expired'] as const;

export function Bulletins({ chosen, onPick }: { chosen: string | undefined; onPick: (id: string) => void }) {
    const { t, date } = useText(), names = useNames(), session = useSession(), forget = useForget(), speaks = useSpeaks(), [box, setBox] = useState<(typeof kBoxes)[number]>(chosen ? 'all' : 'received'), [kind, setKind] = useState('all'), [holds, setHolds] = useState<string | null>('all'), [writing, setWriting] = useState(false);
    const asked = useQuery({ queryKey: ['bulletins'], queryFn: ({ signal }) => api.all<Bulletin>('bulletins', { signal }) });
    useEvents(['bulletin'], () => void forget('bulletins'));
    const mine = (each: Bulletin) => each.originator === session?.organisation;
    return (
        <div className="work">
            <div className="filters">
                <Segments label={t('desk.box')} value={box} onChange={setBox} options={kBoxes.map(id => ({ id, label: t(`desk.box.${id}`) }))} />
                <Select label={t('desk.kind')} value={kind} onChange={setKind} options={[{ id: 'all', label: t('desk.kind.all') }, ...kBulletins.map(id => ({ id, label: t(`desk.kind.${id}`) }))]} />
                <Select label={t('desk.holds')} value={holds} onChange={setHolds} options={kHolds.map(id => ({ id: id as string, label: t(`desk.holds.${id}`) }))} />
                <span className="grow" />
                {speaks && <Button variant="primary" icon="plus" onPress={() => setWriting(true)}>{t('desk.write')}</Button>}
            </div>
            <Answer of={asked}>
                {({ items }) => {
                    const shown = items.filter(each => (box === 'all' || (box === 'sent') === mine(each)) && (kind === 'all' || each.kind === kind) && (holds === 'all' || (holds === 'expired') === each.expired)).sort((a, b) => Number(a.expired) - Number(b.expired));   // what has expired stands last
                    if (items.length === 0) return <EmptyState title={t('desk.bulletins.none')} action={speaks && <Button onPress={() => setWriting(true)}>{t('desk.write')}</Button>}>{t('desk.bulletins.none.more')}</EmptyState>;
                    return (
                        <div className="panes">
                            {shown.length === 0 ? <p className="muted">{t('empty.no_match')}</p> : (
                                <nav className="pick-list" aria-label={t('desk.bulletins')}>
                                    {shown.map(each => (
                                        <button key={each.id} type="button" aria-current={each.id === chosen} onClick={() => onPick(each.id)}>
                                            <span className="head"><span lang={each.language}>{!mine(each) && !ownReceipt(each, session?.organisation)?.read && <span className="fresh" role="img" aria-label={t('desk.unread')} />}{each.title}</span>{each.state === 'withdrawn' ? <Badge kind="bad">{t('desk.state.withdrawn')}</Badge> : each.expired ? <Badge>{t('desk.state.expired')}</Badge> : <Badge kind={kindBadge(each.kind)}>{t(`desk.kind.${each.kind}` as 'desk.kind.warning')}</Badge>}</span>
                                            <span className="note">{names.member(each.originator)} · {date(each.modified)} · {each.handling}{each.version > 1 && ' · ' + t('desk.version', { n: each.version })}{!mine(each) && !each.waits && ' · ' + t('desk.acknowledged')}</span>
                                        </button>
                                    ))}
                                </nav>
                            )}
                            {chosen ? <BulletinDetail id={chosen} key={chosen} /> : <EmptyState title={t('desk.pick')} />}
                        </div>
                    );
                }}
            </Answer>
            {writing && <Compose onClose={() => setWriting(false)} onSent={id => { setBox('sent'); onPick(id); }} />}
        </div>
    );
}
