// What the outcomes say of the detectors: what was allowed, what was told, how much of it was true.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { queries, useAssessmentId } from '@/api/queries';
import type { FollowedSignal } from '@/api/types';
import { useText } from '@/i18n';
import { Card, Cards } from '@/ui';

interface Outcomes { open: number; closed_true: number; closed_false: number; undecided: number; with_lead: number; ppv: number; ppv_low: number; ppv_high: number; lead_days: number }

export function Quality({ signals }: { signals: FollowedSignal[] }) {
    const { t, number, percent } = useText(), head = useQuery(queries.assessment(useAssessmentId())).data;
    const { data } = useQuery({ queryKey: ['signals', 'quality'], queryFn: ({ signal }) => api.get<Outcomes>('signals/quality', { signal }) }), judged = (data?.closed_true ?? 0) + (data?.closed_false ?? 0);
    return (
        <Cards>
            <Card name={t('signals.card.open')} more={t('signals.card.open.more', { n: signals.filter(each => each.state === 'new').length })}>{number(data?.open)}</Card>
            <Card name={t('signals.card.budget')} more={head && t('signals.card.budget.more', { months: head.arising.months })}>{head ? number(head.arising.budget, 0) : '–'}</Card>
            <Card name={t('signals.card.expected')} more={head && t('signals.card.expected.more', { tests: Math.round(head.arising.tests) })}>{head ? number(head.arising.expected_false, 0) : '–'}</Card>
            <Card name={t('signals.card.true')} more={judged > 0 && data ? t('signals.card.true.more', { low: percent(data.ppv_low), high: percent(data.ppv_high), n: judged }) : t('signals.card.true.none')}>{judged > 0 && data ? percent(data.ppv) : '–'}</Card>
            <Card name={t('signals.card.lead')} more={t('signals.card.lead.more', { n: data?.with_lead ?? 0 })}>{data && data.with_lead > 0 ? t('signals.days', { n: Math.round(data.lead_days) }) : '–'}</Card>
        </Cards>
    );
}
