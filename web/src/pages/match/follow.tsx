// What a hit leaves open, and what looked like trying out a list.
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, explain, Field, Section, Table, useToast } from '@/ui';
import { kPaths, useList, type Alarm, type Contact } from './records';

export function Follow() {
    const { t, time, date, number } = useText(), names = useNames(), session = useSession(), contacts = useList<Contact>('contacts'), sees = session !== null && ['director', 'contact_point', 'auditor'].includes(session.role), acts = session?.role === 'director' || session?.role === 'contact_point', alarms = useList<Alarm>('alarms', sees), [doing, setDoing] = useState<{ path: string; action: 'close' | 'seen' } | null>(null), may = session !== null && ['contact_point', 'analyst', 'director'].includes(session.role), ours = (each: Contact) => each.asker === session?.organisation;
    return (
        <div className="work">
            <Section title={t('match.contacts')} lead={t('match.contacts.lead')}>
                <Answer of={contacts} lines={3}>{({ items }) => <Table label={t('match.contacts')} rows={items} keyOf={each => each.id} empty={t('match.contacts.none')} columns={[
                    { id: 'at', title: t('admin.audit.at'), cell: each => <span className="stack-s"><span className="nowrap">{time(each.at)}</span><span className="note">{each.id}</span></span>, sort: each => each.at },
                    { id: 'side', title: t('match.side'), cell: each => <Badge kind={ours(each) ? 'accent' : 'plain'}>{ours(each) ? '→ ' : '← '}{t(ours(each) ? 'match.side.asked' : 'match.side.served')}</Badge> },
                    { id: 'party', title: t('account.organisation'), cell: each => names.member(ours(each) ? each.holder : each.asker), sort: each => each.holder },
                    { id: 'case', title: t('match.case'), cell: each => <span className="stack-s"><span>{each.case_reference}</span><span className="note">{each.legal_basis}</span></span>, sort: each => each.case_reference },
                    { id: 'hits', title: t('match.hits.n'), number: true, cell: each => number(each.hits, 0), sort: each => each.hits },
                    { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.state === 'open' ? 'rising' : each.state === 'waiting' ? 'accent' : 'plain'}>{t(`match.contact.${each.state as 'open'}`)}</Badge>, sort: each => each.state },
                    { id: 'do', title: '', cell: each => may && each.state === 'open' && <Button small onPress={() => setDoing({ path: `${kPaths.contacts}/${each.id}/close`, action: 'close' })}>{t('desk.do.close')}</Button> },
                ]} />}</Answer>
            </Section>
            {sees && <Section title={t('match.alarms')} lead={t('match.alarms.lead')}>
                <Answer of={alarms} lines={3}>{({ items }) => <Table label={t('match.alarms')} rows={items} keyOf={each => each.id} empty={t('match.alarms.none')} columns={[
                    { id: 'at', title: t('admin.audit.at'), cell: each => <span className="nowrap">{date(each.day)}</span>, sort: each => each.day },
                    { id: 'rule', title: t('match.alarm.rule'), cell: each => <span className="stack-s"><Badge kind="bad">{t(`match.alarm.${each.rule as 'quota'}`)}</Badge><span className="note" lang="en">{each.text}</span></span>, sort: each => each.rule },
                    { id: 'party', title: t('match.alarm.who'), cell: each => (each.side === 'served' ? names.member(each.party) : each.party), sort: each => each.party },
                    { id: 'steps', title: t('decisions.steps'), cell: each => each.steps.map((step, i) => <p key={i} className="note">{time(step.at)} · {step.person}: {step.text}</p>) },
                    { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.state === 'open' ? 'bad' : each.state === 'seen' ? 'accent' : 'plain'}>{t(`match.alarm.state.${each.state as 'open'}`)}</Badge>, sort: each => each.state },
                    { id: 'do', title: '', cell: each => acts && each.state !== 'closed' && <span className="row">{each.state === 'open' && <Button small onPress={() => setDoing({ path: `${kPaths.alarms}/${each.id}/steps`, action: 'seen' })}>{t('match.alarm.see')}</Button>}<Button small onPress={() => setDoing({ path: `${kPaths.alarms}/${each.id}/steps`, action: 'close' })}>{t('desk.do.close')}</Button></span> },
                ]} />}</Answer>
            </Section>}
            {doing && <Say {...doing} onClose={() => setDoing(null)} />}
        </div>
    );
}

function Say({ path, action, onClose }: { path: string; action: 'close' | 'seen'; onClose: () => void }) {
    const text = useText(), { t } = text, toast = useToast(), forget = useForget(), [words, setWords] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false), title = t(action === 'seen' ? 'match.alarm.see' : 'desk.do.close');
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(path, path.startsWith(kPaths.alarms) ? { action: action === 'close' ? 'closed' : 'seen', text: words } : { text: words });
            toast(t('do.done'), 'good');
            void forget('match');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={title} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!words.trim()} onPress={() => void act()}>{title}</Button></>}>
            <Field label={t('match.found_out')} value={words} onChange={setWords} multiline required maxLength={2000} autoFocus />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
