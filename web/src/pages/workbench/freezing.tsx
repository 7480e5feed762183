// From weights that may still change to an edition that went out: freeze, compare, approve, publish.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';
import { Answer, Button, Dialog, Facts, Section, Segments, Select, Table, useToast } from '@/ui';
import { JobLine, type Job } from '@/pages/jobs/line';
import type { Bench } from '.';

interface Freeze { id: string; hash: string; assessment: string; person: string; organisation: string; at: string; approvals: string[] }
interface Difference { ranks?: { threat: string; title?: string; earlier: number; later: number }[]; [key: string]: unknown }

export function Freezing({ bench }: { bench: Bench }) {
    const { t, time } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [asking, setAsking] = useState(false), [edition, setEdition] = useState<'restricted' | 'public'>('restricted'), [job, setJob] = useState<Job | null>(null), [busy, setBusy] = useState(false), [since, setSince] = useState<string | null>(null);
    const all = useQuery({ queryKey: ['freezes'], queryFn: ({ signal }) => api.get<Page<Freeze>>('freezes', { signal }) }), mine = all.data?.items.find(each => each.assessment === bench.assessment), earlier = all.data?.items.filter(each => each.assessment !== bench.assessment) ?? [];
    const compared = useQuery({ queryKey: ['freezes', mine?.id, since], enabled: since !== null && mine !== undefined, queryFn: ({ signal }) => api.get<Difference>(`freezes/${mine!.assessment}/changes`, { signal, query: { since } }) });
    const mayFreeze = session !== null && (session.role === 'director' || (session.role === 'analyst' && session.organisation === 'regional')), mayPublish = session?.role === 'director';
    const run = async (what: () => Promise<void>) => {
        setBusy(true);
        try { await what(); } catch (error) { toast.error(error); } finally { setBusy(false); }
    };
    const freeze = () => run(async () => {
        await api.post(`workbench/${bench.assessment}/freeze`);
        toast(t('bench.freeze.done'), 'good');
        setAsking(false);
        void forget('bench');
        void forget('freezes');
    });
    const publish = () => run(async () => {
        setJob(await api.post<Job>(`workbench/${bench.assessment}/publish`, { edition }));
        void forget('bench');
        void forget('freezes');
    });
    return (
        <div className="work">
            <Section title={t('bench.freeze')} lead={t('bench.freeze.lead')}>
                {mine ? <Facts items={[[t('bench.freeze.id'), mine.id], [t('bench.freeze.hash'), <code key="h">{mine.hash}</code>], [t('bench.freeze.who'), `${mine.person} · ${names.member(mine.organisation)} · ${time(mine.at)}`], [t('bench.freeze.approvals'), mine.approvals.join('; ') || '–']]} /> : <div className="row"><Button variant="primary" isDisabled={!mayFreeze} onPress={() => setAsking(true)}>{t('bench.freeze.do')}</Button>{!mayFreeze && <span className="note">{t('bench.freeze.who_may')}</span>}</div>}
            </Section>
            <Section title={t('bench.publish.title')} lead={t('bench.publish.lead')}>
                <Segments label={t('bench.publish.edition')} value={edition} onChange={setEdition} options={[{ id: 'restricted', label: t('bench.publish.restricted') }, { id: 'public', label: t('bench.publish.public') }]} />
                <p className="note">{t(`bench.publish.${edition}.more`)}</p>
                <div className="row"><Button variant="primary" isPending={busy} isDisabled={!mine || !mayPublish} onPress={() => void publish()}>{t('bench.publish.do')}</Button>{!mine ? <span className="note">{t('bench.publish.first')}</span> : !mayPublish && <span className="note">{t('bench.publish.who_may')}</span>}<Link to="/admin/jobs">{t('jobs.title')}</Link></div>
                {job && <JobLine id={job.id} />}
            </Section>
            <Section title={t('bench.compare')} lead={t('bench.compare.lead')}>
                {!mine || earlier.length === 0 ? <p className="muted">{t('bench.compare.none')}</p> : <Select label={t('bench.compare.with')} value={since} onChange={setSince} options={earlier.map(each => ({ id: each.assessment, label: `${each.id} · ${each.assessment}` }))} />}
                {since && <Answer of={compared}>{d => <Table label={t('bench.compare')} rows={(d.ranks ?? []).filter(each => each.earlier !== each.later)} keyOf={each => each.threat} empty={t('bench.rank.same')} columns={[{ id: 't', title: t('rank.threat'), cell: each => names.threat(each.threat, each.title) }, { id: 'e', title: t('bench.compare.earlier'), number: true, cell: each => each.earlier }, { id: 'l', title: t('bench.compare.later'), number: true, cell: each => each.later }]} />}</Answer>}
            </Section>
            <Dialog alert title={t('bench.freeze.do')} isOpen={asking} onClose={() => setAsking(false)} foot={<><Button onPress={() => setAsking(false)}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} onPress={() => void freeze()}>{t('bench.freeze.do')}</Button></>}><p>{t('bench.freeze.sure')}</p></Dialog>
        </div>
    );
}
