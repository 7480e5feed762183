// The own list: nobody else sees it. Others can only ask whether something is on it, once it is published.
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { HandlingField } from '@/pages/desk/fields';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Card, Cards, Dialog, explain, Field, Table, useToast } from '@/ui';
import { kAskers } from './ask';
import { IdentifierFields } from './identifier';
import { kPaths, useList, useStatus, type Added, type Entry, type Given, type Published } from './records';

export function WatchList() {
    const { t, date, number, bytes } = useText(), session = useSession(), toast = useToast(), forget = useForget(), [adding, setAdding] = useState(false), [taking, setTaking] = useState<Entry | null>(null), [busy, setBusy] = useState(false), may = session !== null && kAskers.includes(session.role);
    const asked = useList<Entry>('entries'), status = useStatus().data;
    const publish = async () => {
        setBusy(true);
        try {
            const made = await api.post<Published>(kPaths.publish, {});
            toast(t(made.changed ? 'match.published' : 'match.published.same'), 'good');
            void forget('match');
        } catch (error) { toast.error(error); } finally { setBusy(false); }
    };
    return (
        <Answer of={asked}>
            {({ items, total }) => {
                const waiting = items.filter(each => !each.published || each.removed).length;
                return (
                    <div className="work">
                        <Cards><Card name={t('match.list.size')} more={t('match.list.size.more')}>{number(total ?? items.length, 0)}</Card><Card name={t('match.list.waiting')} more={t('match.list.waiting.more')}>{number(waiting, 0)}</Card><Card name={t('match.list.published')} more={status && t('match.list.published.more', { n: number(status.values, 0), size: bytes(status.bytes) })}>{status?.published ? date(status.published) : t('match.never')}</Card><Card name={t('match.list.rekey')} more={t('match.list.rekey.more')}>{status?.rekey_due ? date(status.rekey_due) : '–'}</Card></Cards>
                        <div className="row"><p className="muted grow">{t('match.list.lead')}</p>{may && <><Button variant="primary" icon="plus" onPress={() => setAdding(true)}>{t('match.add')}</Button><Button isPending={busy} isDisabled={waiting === 0} onPress={() => void publish()}>{t('match.publish')}</Button></>}</div>
                        <Table label={t('match.list')} rows={items} keyOf={each => each.id} height={640} empty={t('match.list.none')} columns={[
                            { id: 'kind', title: t('match.kind'), cell: each => t(`match.kind.${each.kind as 'phone'}`), sort: each => each.kind },
                            { id: 'value', title: t('match.value'), cell: each => <span className="stack-s"><code>{each.value}</code>{(each.country || each.born) && <span className="note">{[each.country, each.born && date(each.born)].filter(Boolean).join(' · ')}</span>}</span>, sort: each => each.value },
                            { id: 'case', title: t('match.case'), cell: each => <span className="stack-s"><span>{each.case_reference}</span>{each.note && <span className="note">{each.note}</span>}</span>, sort: each => each.case_reference },
                            { id: 'handling', title: t('handling'), cell: each => <span className="nowrap">{each.handling}</span>, sort: each => each.handling },
                            { id: 'at', title: t('desk.since'), cell: each => <span className="stack-s"><span className="nowrap">{date(each.at)}</span><span className="note">{each.person}</span></span>, sort: each => each.at },
                            { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.removed ? 'bad' : each.published ? 'good' : 'accent'}>{t(each.removed ? 'match.state.removed' : each.published ? 'match.state.published' : 'match.state.waiting')}</Badge> },
                            { id: 'do', title: '', cell: each => may && !each.removed && <Button small variant="danger" onPress={() => setTaking(each)}>{t('match.take_off')}</Button> },
                        ]} />
                        {adding && <Add onClose={() => setAdding(false)} />}
                        {taking && <TakeOff of={taking} onClose={() => setTaking(null)} />}
                    </div>
                );
            }}
        </Answer>
    );
}

function Add({ onClose }: { onClose: () => void }) {
    const text = useText(), { t } = text, toast = useToast(), forget = useForget(), [given, setGiven] = useState<Given>({ kind: 'phone', value: '', country: '', born: '' }), [reference, setReference] = useState(''), [note, setNote] = useState(''), [handling, setHandling] = useState('TLP:AMBER'), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const save = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await api.post<Added>(kPaths.entries, { entries: [{ ...given, case_reference: reference, note, handling }] });
            void forget('match');
            if (made.refused[0]) return setProblem(made.refused[0].reason);
            toast(made.warnings[0]?.text ?? t(made.known > 0 ? 'match.known_already' : 'match.added'), made.warnings.length > 0 ? 'plain' : 'good');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t('match.add')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!given.value.trim() || !reference.trim()} onPress={() => void save()}>{t('match.add')}</Button></>}>
            <div className="stack">
                <p className="muted">{t('match.add.lead')}</p>
                <IdentifierFields value={given} onChange={setGiven} />
                <Field label={t('match.case')} help={t('match.case.help')} value={reference} onChange={setReference} required maxLength={100} />
                <Field label={t('desk.note')} value={note} onChange={setNote} maxLength={500} />
                <HandlingField value={handling} onChange={setHandling} />
                {problem && <p className="form-problem" role="alert">{problem}</p>}
            </div>
        </Dialog>
    );
}

function TakeOff({ of, onClose }: { of: Entry; onClose: () => void }) {
    const text = useText(), { t } = text, toast = useToast(), forget = useForget(), [reason, setReason] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.delete(`${kPaths.entries}/${of.id}`, { query: { reason } });
            toast(t('match.taken_off'), 'good');
            void forget('match');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog alert title={t('match.take_off')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="danger" isPending={busy} isDisabled={!reason.trim()} onPress={() => void act()}>{t('match.take_off')}</Button></>}>
            <p>{t('match.take_off.lead')}</p>
            <Field label={t('desk.reason')} value={reason} onChange={setReason} required maxLength={500} autoFocus />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
