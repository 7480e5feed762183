// Who read, changed and passed on what, when and for what; and whether the chain is whole.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { address, api, ApiError } from '@/api/client';
import { useNames } from '@/api/names';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Badge, Button, ErrorNote, Field, Loading, Table, useToast } from '@/ui';

interface Entry { number: number; at: string; person: string; organisation: string; role: string; purpose: string; action: string; object: string; hash: string }

export function Audit() {
    const { t, time, known } = useText(), names = useNames(), toast = useToast(), [filter, setFilter] = useState({ person: '', action: '', from: '', to: '', q: '' }), [asked, setAsked] = useState(filter), [proof, setProof] = useState<{ whole: boolean; text: string } | null>(null), [busy, setBusy] = useState(false), set = (what: Partial<typeof filter>) => setFilter(old => ({ ...old, ...what }));
    const pages = useInfiniteQuery({ queryKey: ['audit', asked], initialPageParam: '', queryFn: ({ signal, pageParam }) => api.get<Page<Entry>>('audit', { signal, query: { ...asked, limit: 200, cursor: pageParam } }), getNextPageParam: last => last.next ?? null });
    const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => api.all<{ id: string; name: string }>('people', { signal }) }), nameOf = (id: string) => people.data?.items.find(each => each.id === id)?.name;
    const entries = pages.data?.pages.flatMap(each => each.items) ?? [];
    const verify = async () => {
        setBusy(true);
        try {
            const answer = await api.get<{ holds: boolean; entries: number; signed_until?: string }>('audit/verify');
            setProof({ whole: answer.holds, text: answer.holds ? t('admin.audit.whole', { n: answer.entries }) + (answer.signed_until ? ' · ' + t('admin.audit.signed', { at: time(answer.signed_until) }) : '') : t('admin.audit.broken') });
        } catch (error) {
            // A chain that does not hold is answered as a problem: it says where.
            if (error instanceof ApiError && error.problem.code === 'mismatch') setProof({ whole: false, text: `${t('admin.audit.broken')}: ${error.problem.detail ?? ''}` });
            else toast.error(error);
        } finally { setBusy(false); }
    };
    return (
        <div className="work">
            <form className="filters" onSubmit={event => { event.preventDefault(); setAsked(filter); }}>
                <Field label={t('admin.audit.q')} value={filter.q} onChange={q => set({ q })} type="search" />
                <Field label={t('admin.audit.person')} value={filter.person} onChange={person => set({ person })} />
                <Field label={t('admin.audit.action')} value={filter.action} onChange={action => set({ action })} />
                <Field label={t('admin.audit.from')} value={filter.from} onChange={from => set({ from })} type="date" />
                <Field label={t('admin.audit.to')} value={filter.to} onChange={to => set({ to })} type="date" />
                <Button type="submit" variant="primary" icon="search">{t('admin.audit.find')}</Button>
            </form>
            <div className="row"><Button isPending={busy} icon="check" onPress={() => void verify()}>{t('admin.audit.verify')}</Button><span role="status">{proof && <Badge kind={proof.whole ? 'good' : 'bad'}>{proof.whole ? '✓' : '✕'} {proof.text}</Badge>}</span><span className="grow" /><a className="button" href={address('audit', { ...asked, format: 'csv' })} download>{t('admin.audit.csv')}</a></div>
            {pages.error ? <ErrorNote error={pages.error} onRetry={() => void pages.refetch()} /> : pages.isPending ? <Loading /> : (
                <>
                    <p className="note" role="status">{t('table.count', { n: pages.data?.pages[0]?.total ?? entries.length })}</p>
                    <Table label={t('admin.audit')} rows={entries} keyOf={each => String(each.number)} height={620} columns={[
                        { id: 'n', title: '№', number: true, cell: each => each.number, width: 70 },
                        { id: 'at', title: t('admin.audit.at'), cell: each => time(each.at) },
                        { id: 'who', title: t('admin.audit.person'), cell: each => <span className="stack-s"><span>{nameOf(each.person) ?? each.person}</span><span className="note">{nameOf(each.person) && each.person + ' · '}{names.member(each.organisation)}, {known('role', each.role, each.role)}</span></span> },
                        { id: 'what', title: t('admin.audit.action'), cell: each => <Badge>{each.action}</Badge> },
                        { id: 'object', title: t('admin.audit.object'), cell: each => <span className="note">{each.object}</span> },
                        { id: 'why', title: t('admin.audit.purpose'), cell: each => <span className="note">{each.purpose}</span> },
                    ]} />
                    {pages.hasNextPage && <div className="row"><Button isPending={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>{t('table.more')}</Button></div>}
                </>
            )}
        </div>
    );
}
