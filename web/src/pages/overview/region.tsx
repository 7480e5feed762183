import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import type { Distribution, Page, ThreatResult } from '@/api/types';
import { Chart } from '@/charts';
import { useText } from '@/i18n';
import { RegionMap } from '@/map';
import { threatPath } from '@/routes-path';
import { useGo } from '@/shell/link';
import { Answer, Select } from '@/ui';

// The same for every threat, so that colours can be compared when another is chosen.
const kBreaks = [45, 50, 55, 60];
interface Member { member: string; country: string; ranking: { threat: string; rank: number; score: Distribution }[] }
export const membersQuery = (assessment: string) => queryOptions({ queryKey: ['assessment', assessment, 'members'], staleTime: 300_000, queryFn: ({ signal }) => api.get<Page<Member>>(`assessments/${assessment}/members`, { signal, query: { limit: 100 } }) });

// A threat's score by country; the mean where a country has several organisations.
export function scoresByCountry(members: Member[], threat: string): Record<string, number> {
    const sums = new Map<string, [number, number]>();
    for (const each of members) {
        const found = each.ranking.find(r => r.threat === threat);
        if (!found || !each.country) continue;
        const [sum, n] = sums.get(each.country) ?? [0, 0];
        sums.set(each.country, [sum + found.score.q50, n + 1]);
    }
    return Object.fromEntries([...sums].map(([country, [sum, n]]) => [country, sum / n]));
}

export function MapOfRegion({ assessment, ranking }: { assessment: string; ranking: ThreatResult[] }) {
    const { t, number } = useText(), names = useNames(), go = useGo(), [threat, setThreat] = useState(ranking[0]?.threat ?? ''), asked = useQuery(membersQuery(assessment));
    const title = names.threat(threat);
    return (
        <Chart level={2} title={t('overview.map', { threat: title })} about={t('overview.map.about')}>
            <div className="no-print map-choice"><Select label={t('overview.map.threat')} hideLabel value={threat} onChange={setThreat} options={ranking.map(each => ({ id: each.threat, label: names.threat(each.threat, each.title) }))} /></div>
            <Answer of={asked} lines={6}>{({ items }) => <RegionMap label={t('overview.map', { threat: title })} values={scoresByCountry(items, threat)} breaks={kBreaks} format={v => number(v, 0)} onSelect={place => go(threatPath(threat), { search: { place }, hash: 'figures' })} />}</Answer>
        </Chart>
    );
}
