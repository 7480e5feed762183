import { useNames } from '@/api/names';
import type { Figure } from '@/api/types';
import { useEvidence } from '@/evidence/open';
import { FigureTitle } from '@/evidence/title';
import { useText } from '@/i18n';
import { BasisBadge, Table } from '@/ui';

export function AllFigures({ figures }: { figures: Figure[] }) {
    const { t, number } = useText(), names = useNames(), open = useEvidence();
    return (
        <Table label={t('threat.all_figures')} rows={figures} keyOf={each => each.id} onOpen={each => open(each.id)} height={460} columns={[
            { id: 'title', title: t('threat.figure'), cell: each => <FigureTitle of={each} />, sort: each => names.figure(each) },
            { id: 'place', title: t('place'), cell: each => names.place(each.place), sort: each => names.place(each.place) },
            { id: 'lens', title: t('threat.lens'), cell: each => (each.lens ? names.lens(each.lens) : '–'), sort: each => each.lens },
            { id: 'basis', title: t('rank.rests_on'), cell: each => <BasisBadge basis={each.basis} />, sort: each => each.basis },
            { id: 'value', title: t('value'), number: true, cell: each => (each.basis === 'judged' && each.value.q95 === 0 ? '–' : number(each.value.q50)), sort: each => each.value.q50 },
            { id: 'unit', title: t('evidence.unit'), cell: each => names.unit(each.unit), sort: each => each.unit },
            { id: 'handling', title: t('handling'), cell: each => <span className="nowrap">{each.handling}</span>, sort: each => each.handling },
        ]} />
    );
}
