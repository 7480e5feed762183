import type { ThreatResult } from '@/api/types';
import type { Text } from '@/i18n';

// What the ranking says, in a sentence: the same rule as the report's.
export function rankingFinding(ranking: ThreatResult[], name: (each: ThreatResult) => string, { t }: Text): string {
    const inBand = (band: number) => ranking.filter(each => each.band === band).length, first = inBand(1), second = inBand(2);
    if (ranking.length === 0) return '';
    if (first === 1) return second === 0 ? t('find.one_leads', { title: name(ranking[0]!) }) : t('find.one_leads_next', { title: name(ranking[0]!), n: second });
    const tied = t('find.top_tied', { n: first });
    return second > 0 ? t('find.rest_follow', { first: tied, n: ranking.length - first }) : tied;
}
