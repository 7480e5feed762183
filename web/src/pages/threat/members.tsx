import { useNames } from '@/api/names';
import type { ThreatPage } from '@/api/types';
import { RestsOn } from '@/charts';
import { useText } from '@/i18n';
import { Table } from '@/ui';

export function Members({ page, onOpen }: { page: ThreatPage; onOpen: (country: string) => void }) {
    const { t, number } = useText(), names = useNames();
    return (
        <Table label={t('threat.members')} rows={page.members} keyOf={each => each.member} onOpen={each => { const country = names.region?.members.find(m => m.id === each.member)?.country; if (country) onOpen(country); }} sorting={{ column: 'rank', descending: false }} columns={[
            { id: 'member', title: t('member'), cell: each => names.member(each.member), sort: each => names.member(each.member) },
            { id: 'rank', title: t('threat.members.rank'), number: true, cell: each => each.rank, sort: each => each.rank },
            { id: 'range', title: t('threat.members.range'), number: true, cell: each => `${each.rank_low}–${each.rank_high}` },
            { id: 'score', title: t('threat.members.score'), number: true, cell: each => number(each.score.q50, 0), sort: each => each.score.q50 },
            { id: 'rests', title: t('rank.rests_on'), cell: each => <RestsOn measured={each.measured} judged={each.judged} width={72} />, sort: each => each.measured + each.judged },
        ]} />
    );
}
