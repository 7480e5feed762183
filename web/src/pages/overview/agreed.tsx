import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api/queries';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';
import { Answer, Badge } from '@/ui';

export function Agreed() {
    const { t, date } = useText(), names = useNames();
    return (
        <Answer of={useQuery(queries.decisions())} lines={2}>
            {({ items }) => items.length === 0 ? <p className="muted">{t('overview.decisions.none')} <Link to="/decisions">{t('overview.decisions.open')}</Link></p> : (
                <ul className="moved">
                    {items.slice(0, 5).map(each => <li key={each.id}><Badge kind={each.state === 'done' ? 'good' : 'accent'}>{each.state}</Badge><span><Link to={`/decisions/${each.id}`}>{each.title}</Link><span className="note"> {names.threat(each.threat)}{each.due && ' · ' + t('overview.decisions.due', { date: date(each.due) })}{each.works?.statement && ' · ' + each.works.statement}</span></span></li>)}
                </ul>
            )}
        </Answer>
    );
}
