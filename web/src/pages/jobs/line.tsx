// One job as it runs: what it is at, how far; its results; its log.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useEvents } from '@/api/events';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';
import { Badge, Button, ProgressBar, useToast, type BadgeKind } from '@/ui';

export interface JobResult { title: string; link: string; file: string; media: string; handling: string }
export interface Job { id: string; kind: string; title: string; state: string; owner: string; organisation: string; created: string; started: string; finished: string; what: string; done: number; total: number; error: string; code: string; results: JobResult[]; outcome: Record<string, unknown> }
export const jobKind = (state: string): BadgeKind => (state === 'done' ? 'good' : state === 'failed' ? 'bad' : state === 'running' || state === 'queued' ? 'accent' : 'plain');
const kLive = ['queued', 'running'];

export function useJob(id: string | null) {
    const client = useQueryClient();
    const asked = useQuery({ queryKey: ['job', id], enabled: id !== null, queryFn: ({ signal }) => api.get<Job>(`jobs/${id}`, { signal }), refetchInterval: query => (query.state.data && kLive.includes(query.state.data.state) ? 1500 : false) });
    useEvents(['job'], event => { if ((event.data as { id?: string })?.id === id) void client.invalidateQueries({ queryKey: ['job', id] }); }, id !== null);
    return asked;
}

export function JobLine({ id, onDone }: { id: string; onDone?: (job: Job) => void }) {
    const { t, time } = useText(), { data: job } = useJob(id), toast = useToast(), [log, setLog] = useState<string[] | null>(null), [told, setTold] = useState(false);
    if (!job) return null;
    if (job.state === 'done' && !told && onDone) {
        setTold(true);
        queueMicrotask(() => onDone(job));
    }
    const cancel = () => api.delete(`jobs/${id}`).catch(error => toast.error(error));
    const showLog = async () => setLog(log ? null : (await api.get<{ items: string[] }>(`jobs/${id}/log`)).items);
    return (
        <div className="stack-s" role="status" data-job={job.state}>
            <div className="row"><Badge kind={jobKind(job.state)}>{t(`jobs.state.${job.state}` as 'jobs.state.done')}</Badge><b>{job.title}</b><span className="note">{time(job.finished || job.started || job.created)}</span></div>
            {kLive.includes(job.state) && <ProgressBar label={job.what || t('jobs.waiting')} value={job.total > 0 ? job.done / job.total : 0} />}
            {job.error && job.state !== 'done' && <p className="form-problem">{job.error}</p>}
            {job.results.length > 0 && <ul className="moves">{job.results.map(each => <li key={each.title + each.file}>{each.file ? <a className="link" href={`/api/v1/jobs/${id}/results/${encodeURIComponent(each.file)}`} download={each.file}>{each.title}</a> : each.link.startsWith('/api/v1/submissions/') ? <Link to="/data/submissions">{each.title}</Link> : each.title} <span className="note">{each.handling}</span></li>)}</ul>}
            <div className="row">{kLive.includes(job.state) && <Button small variant="danger" onPress={() => void cancel()}>{t('jobs.cancel')}</Button>}<Button small variant="quiet" onPress={() => void showLog()}>{t(log ? 'jobs.log.hide' : 'jobs.log')}</Button></div>
            {log && <pre className="log" tabIndex={0}>{log.join('\n') || t('empty.nothing')}</pre>}
        </div>
    );
}
