// Indicators and grades of one threat: what each says, on what it rests, what it weighs.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '@/api/queries';
import { useNames } from '@/api/names';
import { Evidence as Opens } from '@/evidence/open';
import { FigureTitle } from '@/evidence/title';
import { useText } from '@/i18n';
import { Answer, BasisBadge, ComboBox, Table } from '@/ui';

export function Evidence({ assessment }: { assessment: string }) {
    const { t, number, percent, period } = useText(), names = useNames(), ranking = useQuery(queries.threats(assessment)).data, [threat, setThreat] = useState<string | null>(null), shown = threat ?? ranking?.items.find(each => each.rank === 1)?.threat ?? '';
    const asked = useQuery({ ...queries.threat(assessment, shown), enabled: shown !== '' });
    return (
        <div className="work">
            <div className="filters"><ComboBox key={shown} label={t('rank.threat')} value={shown} onChange={setThreat} options={(ranking?.items ?? []).map(each => ({ id: each.threat, label: names.threat(each.threat, each.title) }))} /></div>
            <Answer of={asked}>
                {({ figures }) => (
                    <Table label={t('bench.evidence')} rows={figures} keyOf={each => each.id} columns={[
                        { id: 'title', title: t('bench.evidence.figure'), cell: each => <Opens figure={each.id}><FigureTitle of={each} /></Opens>, sort: each => names.figure(each) },
                        { id: 'criterion', title: t('bench.evidence.criterion'), cell: each => names.criterion(each.criterion), sort: each => each.criterion },
                        { id: 'place', title: t('place'), cell: each => (each.member ? names.member(each.member) : names.place(each.place)), sort: each => each.place },
                        { id: 'basis', title: t('rank.rests_on'), cell: each => <BasisBadge basis={each.basis} />, sort: each => each.basis },
                        { id: 'value', title: t('value'), number: true, cell: each => `${number(each.value.q50)} ${names.unit(each.unit)}`, sort: each => each.value.q50 },
                        { id: 'score', title: t('rank.score'), number: true, cell: each => `${number(each.score.q50, 0)} (${number(each.score.q05, 0)}–${number(each.score.q95, 0)})`, sort: each => each.score.q50 },
                        { id: 'complete', title: t('bench.evidence.complete'), number: true, cell: each => percent(each.completeness), sort: each => each.completeness },
                        { id: 'to', title: t('bench.evidence.to'), cell: each => (each.to ? period(each.to) : '–'), sort: each => each.to },
                    ]} />
                )}
            </Answer>
        </div>
    );
}
