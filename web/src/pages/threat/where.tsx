// The map of a threat: score by member, and the ways the sources name.
import { useNames } from '@/api/names';
import type { ThreatPage } from '@/api/types';
import { Chart } from '@/charts';
import { useText } from '@/i18n';
import { RegionMap } from '@/map';

export function Where({ page, onSelect }: { page: ThreatPage; onSelect: (country: string) => void }) {
    const { t, number } = useText(), names = useNames(), sums = new Map<string, [number, number]>();
    for (const each of page.members) {
        const country = names.region?.members.find(m => m.id === each.member)?.country;
        if (!country || !each.score) continue;
        const [sum, n] = sums.get(country) ?? [0, 0];
        sums.set(country, [sum + each.score.q50, n + 1]);
    }
    const area = page.threat.area, kind = page.threat.threat.startsWith('migration.') ? 'migration' : area;
    // Those that touch the region.
    const inRegion = new Set([...(names.region?.members.map(each => each.country) ?? []), 'GR', 'HU', 'HR', 'XK']);
    const routes = (names.region?.routes ?? []).filter(each => each.kind === kind && (each.path ?? []).filter(code => inRegion.has(code)).length > 0 && (each.path ?? []).length > 1).map(each => ({ id: each.id, title: names.route(each.id), path: each.path }));
    return (
        <Chart about={routes.length ? t('threat.routes.about') : t('threat.map.about')} foot={routes.length ? <span className="routes">{routes.map((each, n) => <span key={each.id}>{routes.length > 1 && <b>{n + 1}</b>} {each.title}: {each.path.map(code => names.place(code)).join(' → ')}</span>)}</span> : undefined}>
            <RegionMap label={t('threat.map')} values={Object.fromEntries([...sums].map(([code, [sum, n]]) => [code, sum / n]))} breaks={[45, 50, 55, 60]} format={v => number(v, 0)} routes={routes} onSelect={onSelect} />
        </Chart>
    );
}
