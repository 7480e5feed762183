// 'Do you know this?': one's own question, one's own list, what was asked of whom, and the limits.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useNames } from '@/api/names';
import { useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { EmptyState, PageFrame, Tabs } from '@/ui';
import { Ask, kAskers } from './ask';
import { Follow } from './follow';
import { Learns } from './learns';
import { Log } from './log';
import { Parties } from './parties';
import { useStatus } from './records';
import { Sessions } from './sessions';
import { WatchList } from './watch-list';
import '@/styles/work.css';

export default function Match() {
    const { t } = useText(), names = useNames(), { part } = useParams({ strict: false }) as { part?: string }, navigate = useNavigate(), role = useSession()?.role ?? '', asks = kAskers.includes(role), reads = role !== 'administrator';
    const status = useStatus().data, whose = status?.settings.organisation, session = useSession();
    if (status && (whose === '' || (whose !== session?.organisation && asks)))
        return <PageFrame title={t('match.title')} windowTitle={t('nav.match')} lead={t('match.lead')}><div className="stack"><EmptyState title={whose === '' ? t('match.not_set_up') : t('match.elsewhere', { name: names.member(whose ?? '') })}>{t(whose === '' ? 'match.not_set_up.more' : 'match.elsewhere.more')}</EmptyState><Learns /></div></PageFrame>;
    const tabs = [
        ...(asks ? [{ id: 'ask', title: t('match.ask'), content: <Ask /> }, { id: 'list', title: t('match.list'), content: <WatchList /> }] : []),
        ...(reads ? [{ id: 'follow', title: t('match.follow'), content: <Follow /> }, { id: 'sessions', title: t('match.sessions'), content: <Sessions /> }] : []),
        { id: 'parties', title: t('match.parties'), content: <Parties /> },
        ...(reads ? [{ id: 'log', title: t('match.log'), content: <Log /> }] : []),
        { id: 'learns', title: t('match.learns'), content: <Learns /> },
    ];
    return (
        <PageFrame title={t('match.title')} windowTitle={t('nav.match')} lead={t('match.lead')}>
            <Tabs label={t('nav.match')} selected={tabs.some(each => each.id === part) ? part! : tabs[0]!.id} onSelect={id => void navigate({ to: `/match/${id}` as '/', resetScroll: false })} tabs={tabs} />
        </PageFrame>
    );
}
