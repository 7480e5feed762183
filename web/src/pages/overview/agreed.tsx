import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import { useNames } from '@/api/names';
import type { Decision, Works } from '@/api/types';
import { useText, type Text } from '@/i18n';
import { Link } from '@/shell/link';
import { Answer, Badge } from '@/ui';

// Whether the figure moved since, and how surely; never why.
export function worksSaid(works: Works | undefined, { t, number }: Text): string {
    if (!works || works.word === 'not assessed') return t('works.not_assessed');
    return t(works.word === 'lower' ? 'works.lower' : works.word === 'higher' ? 'works.higher' : 'works.no_change', { ratio: number(works.ratio, 2), low: number(works.low, 2), high: number(works.high, 2) });
}
export const isLate = (each: Decision) => each.state === 'open' && each.due !== '' && each.due < new Date().toISOString().slice(0, 10);

export function Agreed() {
    const text = useText(), { t, date } = text, names = useNames();
    return (
        <Answer of={useQuery(queries.decisions())} lines={2}>
            {({ items }) => items.length === 0 ? <p className="muted">{t('overview.decisions.none')} <Link to="/decisions">{t('overview.decisions.open')}</Link></p> : (
                <ul className="agreed">
                    {items.slice(0, 5).map(each => (
                        <li key={each.id}>
                            <span className="row"><Link to={`/decisions/${each.id}`}>{each.title}</Link><Badge kind={isLate(each) ? 'bad' : each.state === 'done' ? 'good' : each.state === 'open' ? 'accent' : 'plain'}>{t(isLate(each) ? 'decision.late' : `decision.${each.state}`)}</Badge></span>
                            <span className="note">{names.threat(each.threat)}{each.due && ' · ' + t('overview.decisions.due', { date: date(each.due) })} · {worksSaid(each.works, text)}</span>
                        </li>
                    ))}
                </ul>
            )}
        </Answer>
    );
}
