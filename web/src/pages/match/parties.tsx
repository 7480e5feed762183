// With whom one matches, how new their filter is, and what is left of each day's quota, both ways.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Answer, EmptyState, Section, Table } from '@/ui';
import type { Party } from './records';

export function Quota({ used, most }: { used: number; most: number }) {
    const { number } = useText(), share = most > 0 ? Math.min(1, used / most) : 0;
    return <span className="stack-s"><span className="nowrap">{number(used, 0)} / {number(most, 0)}</span><svg className="share" style={{ width: 96 }} viewBox="0 0 100 9" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="9" fill="var(--track)" /><rect width={100 * share} height="9" fill={share >= 0.8 ? 'var(--rising)' : 'var(--dark)'} /></svg></span>;
}

export function Parties() {
    const { t, number, time } = useText(), names = useNames(), asked = useQuery({ queryKey: ['match', 'parties'], queryFn: ({ signal }) => api.get<Page<Party>>('match/peers', { signal }) });
    return (
        <Section title={t('match.parties')} lead={t('match.parties.lead')}>
            <Answer of={asked}>{({ items }) => items.length === 0 ? <EmptyState title={t('match.parties.none')}>{t('match.parties.none.more')}</EmptyState> : <Table label={t('match.parties')} rows={items} keyOf={each => each.organisation} columns={[
                { id: 'who', title: t('account.organisation'), cell: each => <span className="stack-s"><span>{names.member(each.organisation)}</span><code className="note">{each.address}</code></span>, sort: each => names.member(each.organisation) },
                { id: 'size', title: t('match.filter'), number: true, cell: each => number(each.size ?? null, 0), sort: each => each.size ?? 0 },
                { id: 'epoch', title: t('match.epoch'), number: true, cell: each => number(each.epoch ?? null, 0) },
                { id: 'fetched', title: t('match.fetched'), cell: each => (each.fetched ? time(each.fetched) : t('match.never')), sort: each => each.fetched ?? '' },
                { id: 'used', title: t('match.quota.ours'), cell: each => <Quota used={each.used ?? 0} most={each.most ?? 0} /> },
                { id: 'theirs', title: t('match.quota.theirs'), number: true, cell: each => number(each.asked_us ?? 0, 0) },
            ]} />}</Answer>
        </Section>
    );
}
