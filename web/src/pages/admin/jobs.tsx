// Long work: started, watched, cancelled, its results fetched.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useEvents } from '@/api/events';
import { useForget, useSession } from '@/api/queries';
import type { Page } from '@/api/types';
import { JobLine, jobKind, type Job } from '@/pages/jobs/line';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Drawer, Table, useToast } from '@/ui';

export function JobList() {
    const { t, time } = useText(), session = useSession(), toast = useToast(), forget = useForget(), [shown, setShown] = useState<string | null>(null);
    const asked = useQuery({ queryKey: ['jobs'], queryFn: ({ signal }) => api.get<Page<Job>>('jobs', { signal, query: { limit: 200 } }) });
    useEvents(['job'], () => void forget('jobs'));
    const start = (kind: string) => api.post<Job>('jobs', { kind, ...(kind === 'assess' ? { title: `${t('jobs.assess.title')} ${new Date().toISOString().slice(0, 10)}` } : {}) }).then(job => { setShown(job.id); void forget('jobs'); }, error => toast.error(error));
    const kinds = session?.role === 'analyst' ? ['assess', 'watch', 'verify'] : session?.role === 'administrator' ? ['review', 'checkpoint', 'verify'] : [];
    return (
        <div className="work">
            <div className="row">{kinds.map(each => <Button key={each} onPress={() => void start(each)}>{t(`jobs.start.${each}` as 'jobs.start.assess')}</Button>)}</div>
            <Answer of={asked}>{({ items }) => <Table label={t('jobs.title')} rows={items} keyOf={each => each.id} onOpen={each => setShown(each.id)} empty={t('jobs.none')} columns={[
                { id: 'title', title: t('jobs.what'), cell: each => each.title, sort: each => each.title },
                { id: 'state', title: t('admin.state'), cell: each => <Badge kind={jobKind(each.state)}>{t(`jobs.state.${each.state}` as 'jobs.state.done')}</Badge>, sort: each => each.state },
                { id: 'owner', title: t('admin.audit.person'), cell: each => <span className="note">{each.owner}</span>, sort: each => each.owner },
                { id: 'created', title: t('jobs.created'), cell: each => time(each.created), sort: each => each.created },
                { id: 'finished', title: t('jobs.finished'), cell: each => (each.finished ? time(each.finished) : '–'), sort: each => each.finished },
            ]} />}</Answer>
            <Drawer title={t('jobs.title')} isOpen={shown !== null} onClose={() => setShown(null)}>{shown && <JobLine id={shown} />}</Drawer>
        </div>
    );
}
