import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, Badge, Button, Dialog, explain, Facts, Field, Section, useToast, type BadgeKind } from '@/ui';
import { Compose } from './compose';
import { Consents, Give } from './consents';
import { Files, Handling, RecipientsField } from './fields';
import { Receipts } from './receipts';
import { ownReceipt, type Bulletin } from './records';
import { useSpeaks } from './speaks';

export const kindBadge = (kind: string): BadgeKind => (kind === 'warning' ? 'bad' : kind === 'new_mo' ? 'rising' : kind === 'best_practice' ? 'good' : 'accent');
type Doing = 'acknowledge' | 'correct' | 'withdraw' | 'forward' | 'consent' | null;

export function BulletinDetail({ id }: { id: string }) {
    const { t, date, time, tongue } = useText(), names = useNames(), session = useSession(), speaks = useSpeaks(), forget = useForget(), [doing, setDoing] = useState<Doing>(null);
    const asked = useQuery({ queryKey: ['bulletins', id], queryFn: ({ signal }) => api.get<Bulletin>(`bulletins/${id}`, { signal }) });
    // Opening one leaves a receipt: the list is no longer new.
    useEffect(() => { if (asked.data) void forget('bulletins'); }, [asked.data?.id]);   // eslint-disable-line react-hooks/exhaustive-deps
    return (
        <Answer of={asked}>
            {b => {
                const mine = b.originator === session?.organisation, current = b.state === 'current', own = ownReceipt(b, session?.organisation);
                return (
                    <article className="stack">
                        <header className="stack-s">
                            <div className="row"><Badge kind={kindBadge(b.kind)}>{t(`desk.kind.${b.kind}` as 'desk.kind.warning')}</Badge><Handling value={b.handling} />{!current && <Badge kind="bad">{t('desk.state.withdrawn')}</Badge>}{b.expired && <Badge>{t('desk.state.expired')}</Badge>}{b.version > 1 && <Badge>{t('desk.version', { n: b.version })}</Badge>}<span className="note">{b.id}</span></div>
                            <h2 lang={b.language}>{b.title}</h2>
                            {b.reason && <p className="note" lang={b.language}>{t(current ? 'desk.corrected_because' : 'desk.withdrawn_because', { reason: b.reason })}</p>}
                            {b.expired && <p className="note">{t('desk.expired.more', { date: date(b.valid_until) })}</p>}
                            <p className="story letter" lang={b.language}>{b.text}</p>
                        </header>
                        <Files of={`bulletins/${b.id}`} files={b.attachments} />
                        <Facts items={[
                            [t('desk.originator'), names.member(b.originator)], [t('desk.issued'), b.issued === b.modified ? time(b.issued) : `${time(b.issued)} · ${t('desk.modified', { at: time(b.modified) })}`],
                            [t('desk.recipients'), b.recipients.map(each => names.member(each)).join(', ') || '–'],
                            b.threats.length > 0 && [t('rank.threat'), <span key="t" className="row">{b.threats.map(each => <Link key={each} to={threatPath(each)}>{names.threat(each)}</Link>)}</span>],
                            b.mos.length > 0 && [t('desk.mos'), b.mos.map(each => names.code(each)).join(', ')], b.places.length > 0 && [t('desk.places'), b.places.map(each => names.place(each)).join(', ')],
                            b.valid_until !== '' && [t('desk.valid_until'), date(b.valid_until)], [t('bar.language'), tongue(b.language)],
                            b.originators.length > 1 && [t('desk.bound_by'), b.originators.map(each => names.member(each)).join(', ')], b.derived_from.length > 0 && [t('desk.derived_from'), b.derived_from.join(', ')],
                            own?.acknowledged ? [t('desk.acknowledged'), time(own.acknowledged)] : null,
                        ]} />
                        {speaks && (
                            <div className="row">
                                {b.waits && <Button variant="primary" icon="check" onPress={() => setDoing('acknowledge')}>{t('desk.do.acknowledge')}</Button>}
                                {mine && current && <><Button onPress={() => setDoing('consent')}>{t('desk.do.consent')}</Button><Button onPress={() => setDoing('correct')}>{t('desk.do.correct')}</Button><Button variant="danger" onPress={() => setDoing('withdraw')}>{t('desk.do.withdraw')}</Button></>}
                                {current && !b.expired && <Button onPress={() => setDoing('forward')}>{t('desk.do.forward')}</Button>}
                            </div>
                        )}
                        <Consents of={`bulletins/${b.id}`} />
                        {mine && <Section level={3} title={t('desk.receipts')} lead={t('desk.receipts.lead')}><Receipts of={b.receipts} /></Section>}
                        {doing === 'consent' ? <Give of={`bulletins/${b.id}`} onClose={() => setDoing(null)} /> : doing === 'correct' ? <Compose former={b} onClose={() => setDoing(null)} /> : doing && <Act of={`bulletins/${b.id}`} forgets="bulletins" doing={doing} onClose={() => setDoing(null)} />}
                    </article>
                );
            }}
        </Answer>
    );
}

const kDoors = { acknowledge: 'acknowledgements', withdraw: 'withdrawal', forward: 'forwards', close: 'closing' } as const;
// Acknowledging, withdrawing, passing on: each with a word of why.
export function Act({ of, forgets, doing, onClose }: { of: string; forgets: string; doing: 'acknowledge' | 'withdraw' | 'forward' | 'close'; onClose: () => void }) {
    const text = useText(), { t } = text, forget = useForget(), toast = useToast(), [words, setWords] = useState(''), [to, setTo] = useState<string[]>([]), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`${of}/${kDoors[doing]}`, doing === 'acknowledge' ? { note: words } : doing === 'forward' ? { to, note: words } : { reason: words });
            toast(t(`desk.done.${doing}`), 'good');
            void forget(forgets);
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t(`desk.do.${doing}`)} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant={doing === 'withdraw' ? 'danger' : 'primary'} isPending={busy} isDisabled={((doing === 'withdraw' || doing === 'close') && !words.trim()) || (doing === 'forward' && to.length === 0)} onPress={() => void act()}>{t(`desk.do.${doing}`)}</Button></>}>
            <p>{t(`desk.say.${doing}`)}</p>
            {doing === 'forward' && <RecipientsField legend={t('desk.forward.to')} value={to} onChange={setTo} />}
            <Field label={t(doing === 'withdraw' || doing === 'close' ? 'desk.reason' : 'desk.note')} value={words} onChange={setWords} multiline maxLength={2000} required={doing === 'withdraw' || doing === 'close'} />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
