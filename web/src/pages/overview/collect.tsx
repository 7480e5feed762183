import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import type { Gap, Page } from '@/api/types';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer } from '@/ui';

export const gapsQuery = (assessment: string) => queryOptions({ queryKey: ['assessment', assessment, 'gaps'], staleTime: 300_000, queryFn: ({ signal }) => api.get<Page<Gap>>(`assessments/${assessment}/gaps`, { signal, query: { limit: 5 } }) });

export function Collect({ assessment }: { assessment: string }) {
    const { t, language, known } = useText(), names = useNames();
    return (
        <Answer of={useQuery(gapsQuery(assessment))} lines={3}>
            {({ items }) => (
                <ol className="collect">
                    {items.slice(0, 5).map((each, i) => {
                        const question = language === 'en' ? each.question : `${names.threat(each.threat)}: ${known('criterion_question', each.criterion, names.criterion(each.criterion))}`;
                        return <li key={i}><Link to={threatPath(each.threat)}>{question}</Link><span className="note"> {each.member ? t('overview.collect.member', { member: names.member(each.member) }) : t('overview.collect.region')}</span></li>;
                    })}
                </ol>
            )}
        </Answer>
    );
}
