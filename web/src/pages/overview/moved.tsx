import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, TrendSign } from '@/ui';

// What changed each score since the assessment before, split into data, method and weights.
export function Moved({ assessment }: { assessment: string }) {
    const { t, signed } = useText(), names = useNames();
    const all = useQuery(queries.assessments()), asked = useQuery({ ...queries.changes(assessment), enabled: (all.data?.total ?? 0) > 1 });
    if (all.data && all.data.total < 2) return <p className="muted">{t('overview.moved.none')}</p>;
    return (
        <Answer of={asked} lines={3}>
            {changes => {
                const moved = changes.threats.filter(each => Math.abs(each.score_after - each.score_before) >= 1 || each.rank_before !== each.rank_after);
                if (moved.length === 0) return <p className="muted">{t('overview.moved.still')}</p>;
                return (
                    <ul className="moved">
                        {moved.slice(0, 6).map(each => {
                            const by = ([['data', each.data], ['method', each.method], ['weights', each.weights]] as const).filter(([, v]) => Math.abs(v) >= 0.5).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
                            const change = each.score_after - each.score_before;
                            return <li key={each.threat}><TrendSign word={change > 0.5 ? 'rising' : change < -0.5 ? 'falling' : 'stable'} /><span><Link to={threatPath(each.threat)}>{names.threat(each.threat, each.title)}</Link><span className="note"> {t('overview.moved.rank', { before: each.rank_before || '–', after: each.rank_after })} · {t('overview.moved.points', { points: signed(change, 1) })}{by.length > 0 && ': ' + by.map(([what, v]) => `${t(`overview.moved.${what}`)} ${signed(v, 1)}`).join(', ')}</span></span></li>;
                        })}
                    </ul>
                );
            }}
        </Answer>
    );
}
