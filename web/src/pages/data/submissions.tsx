// Files handed in; taken back, brought again, or erased for good, each with its reason.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Dialog, Drawer, explain, Field, Table, useToast } from '@/ui';

interface Submission { id: string; source: string; member: string; file: string; mapping: string; known_at: string; rows: number; accepted: number; rejected: number; duplicates: number; withdrawn?: string | boolean; reason?: string; review_on?: string; state?: string }
interface Refused { number: number; row: number; column: string; verdict: string; reason: string; original: string }

export function Submissions() {
    const { t, number, date } = useText(), names = useNames(), session = useSession(), [shown, setShown] = useState<Submission | null>(null), [asking, setAsking] = useState<{ of: Submission; what: 'withdraw' | 'erase' } | null>(null), toast = useToast(), forget = useForget();
    const asked = useQuery({ queryKey: ['submissions'], queryFn: ({ signal }) => api.all<Submission>('submissions', { signal }) });
    const mine = (each: Submission) => session !== null && (session.role === 'analyst' || session.role === 'contributor') && (session.organisation === 'regional' || session.organisation === each.member);
    const restore = (each: Submission) => api.post(`submissions/${each.id}/restore`, {}).then(() => { toast(t('data.restored'), 'good'); void forget('submissions'); }, error => toast.error(error));
    return (
        <Answer of={asked}>
            {({ items }) => (
                <>
                    <Table label={t('data.submissions')} rows={items} keyOf={each => each.id} height={640} columns={[
                        { id: 'file', title: t('data.file'), cell: each => <span className="stack-s"><button type="button" className="link" onClick={() => setShown(each)}>{each.file}</button>{each.withdrawn && <Badge kind="bad">{t('data.withdrawn')}</Badge>}</span>, sort: each => each.file },
                        { id: 'source', title: t('source'), cell: each => names.source(each.source), sort: each => each.source },
                        { id: 'member', title: t('member'), cell: each => (each.member ? names.member(each.member) : '–'), sort: each => each.member },
                        { id: 'known', title: t('data.known'), cell: each => date(each.known_at), sort: each => each.known_at },
                        { id: 'accepted', title: t('data.check.accepted'), number: true, cell: each => number(each.accepted, 0), sort: each => each.accepted },
                        { id: 'refused', title: t('data.check.refused.n'), number: true, cell: each => number(each.rejected, 0), sort: each => each.rejected },
                        { id: 'repeated', title: t('data.check.repeated'), number: true, cell: each => number(each.duplicates, 0), sort: each => each.duplicates },
                        { id: 'do', title: '', cell: each => mine(each) && <span className="row">{each.withdrawn ? <Button small onPress={() => void restore(each)}>{t('data.restore')}</Button> : <Button small onPress={() => setAsking({ of: each, what: 'withdraw' })}>{t('data.withdraw')}</Button>}<Button small variant="danger" onPress={() => setAsking({ of: each, what: 'erase' })}>{t('data.erase')}</Button></span> },
                    ]} />
                    <Drawer title={shown?.file ?? ''} isOpen={shown !== null} onClose={() => setShown(null)}>{shown && <Refusals of={shown} />}</Drawer>
                    {asking && <Reason {...asking} onClose={() => setAsking(null)} />}
                </>
            )}
        </Answer>
    );
}

function Refusals({ of }: { of: Submission }) {
    const { t, date } = useText(), names = useNames(), asked = useQuery({ queryKey: ['submissions', of.id, 'rejects'], queryFn: ({ signal }) => api.all<Refused>(`submissions/${of.id}/rejects`, { signal }) });
    return (
        <div className="stack">
            <p className="note">{names.source(of.source)} · {date(of.known_at)} · {of.mapping} · <code>{of.id.slice(0, 12)}</code></p>
            <h3>{t('data.refused')}</h3>
            <Answer of={asked} lines={4}>{({ items }) => <Table label={t('data.refused')} rows={items} keyOf={each => String(each.number)} columns={[{ id: 'row', title: t('data.refused.row'), number: true, cell: each => each.row, sort: each => each.row }, { id: 'reason', title: t('data.refused.reason'), cell: each => <span className="stack-s"><span lang="en">{each.reason}</span><code>{each.original}</code></span>, sort: each => each.reason }, { id: 'column', title: t('data.refused.column'), cell: each => each.column || '–', sort: each => each.column }]} />}</Answer>
            <a className="button" href={`/api/v1/submissions/${of.id}/rejects?format=csv`} download>{t('data.refused.csv')}</a>
        </div>
    );
}

function Reason({ of, what, onClose }: { of: Submission; what: 'withdraw' | 'erase'; onClose: () => void }) {
    const text = useText(), { t } = text, toast = useToast(), forget = useForget(), [reason, setReason] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            if (what === 'withdraw') await api.post(`submissions/${of.id}/withdraw`, { reason });
            else await api.delete(`submissions/${of.id}`, { body: { reason } });
            toast(t(what === 'withdraw' ? 'data.withdrawn' : 'data.erased'), 'good');
            void forget('submissions');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog alert title={t(what === 'withdraw' ? 'data.withdraw.title' : 'data.erase.title', { file: of.file })} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="danger" isPending={busy} isDisabled={!reason.trim()} onPress={() => void act()}>{t(what === 'withdraw' ? 'data.withdraw' : 'data.erase')}</Button></>}>
            <p>{t(what === 'withdraw' ? 'data.withdraw.lead' : 'data.erase.lead')}</p>
            <Field label={t('data.reason')} value={reason} onChange={setReason} multiline required autoFocus />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
