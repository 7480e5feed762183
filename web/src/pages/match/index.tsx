// 'Do you know this?': one's own question, one's own list, what was asked of whom, and the limits.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useText } from '@/i18n';
import { PageFrame, Tabs } from '@/ui';
import { Ask } from './ask';
import { Follow } from './follow';
import { Log } from './log';
import { Parties } from './parties';
import { WatchList } from './watch-list';
import '@/styles/work.css';

const kParts = ['ask', 'list', 'follow', 'parties', 'log'] as const;

export default function Match() {
    const { t } = useText(), { part } = useParams({ strict: false }) as { part?: string }, navigate = useNavigate();
    return (
        <PageFrame title={t('match.title')} windowTitle={t('nav.match')} lead={t('match.lead')}>
            <Tabs label={t('nav.match')} selected={kParts.includes(part as 'ask') ? (part as string) : 'ask'} onSelect={id => void navigate({ to: `/match/${id}` as '/', resetScroll: false })} tabs={[
                { id: 'ask', title: t('match.ask'), content: <Ask /> },
                { id: 'list', title: t('match.list'), content: <WatchList /> },
                { id: 'follow', title: t('match.follow'), content: <Follow /> },
                { id: 'parties', title: t('match.parties'), content: <Parties /> },
                { id: 'log', title: t('match.log'), content: <Log /> },
            ]} />
        </PageFrame>
    );
}
