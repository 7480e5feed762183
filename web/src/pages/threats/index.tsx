// Every threat by area: its place, its trend, what it rests on.
import { useQuery } from '@tanstack/react-query';
import { useNames } from '@/api/names';
import { queries, useAssessmentId } from '@/api/queries';
import { AcceptabilityHeat, Chart, RestsOn, RankingKey } from '@/charts';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, PageFrame, Section, TrendBadge } from '@/ui';
import './threats.css';

export default function Threats() {
    const { t, number } = useText(), names = useNames(), asked = useQuery(queries.threats(useAssessmentId()));
    return (
        <Answer of={asked}>
            {({ items }) => {
                const ranking = [...items].sort((a, b) => a.rank - b.rank), areas = [...new Set(ranking.map(each => each.area))];
                return (
                    <PageFrame title={t('threats.title')} lead={t('threats.lead', { n: ranking.length })}>
                        <div className="areas">
                            {areas.map(area => (
                                <Section key={area} title={names.area(area)}>
                                    <ul className="threat-cards">
                                        {ranking.filter(each => each.area === area).map(each => (
                                            <li key={each.threat} className="threat-card">
                                                <span className="place">{each.rank}</span>
                                                <div className="grow"><Link to={threatPath(each.threat)}>{names.threat(each.threat, each.title)}</Link><span className="note">{t('threats.rank', { rank: number(each.rank), low: number(each.rank_low), high: number(each.rank_high) })}</span></div>
                                                <RestsOn measured={each.measured} judged={each.judged} width={64} />
                                                <TrendBadge word={each.trend.word} />
                                            </li>
                                        ))}
                                    </ul>
                                </Section>
                            ))}
                        </div>
                        <RankingKey />
                        <Chart level={2} title={t('overview.heat')} about={t('overview.heat.about')}><AcceptabilityHeat label={t('overview.heat')} lines={ranking.map(each => ({ id: each.threat, title: names.threat(each.threat, each.title), values: each.acceptability }))} /></Chart>
                    </PageFrame>
                );
            }}
        </Answer>
    );
}
