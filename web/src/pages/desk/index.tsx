// The contact desk: what others tell, what is asked, who is reached how, what comes by itself.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { PageFrame, Tabs } from '@/ui';
import { Bulletins } from './bulletins';
import { Directory } from './directory';
import { Requests } from './requests';
import { Subscriptions } from './subscriptions';
import { useSpeaks } from './speaks';
import '@/styles/work.css';


export default function Desk() {
    const { t } = useText(), { part, id } = useParams({ strict: false }) as { part?: string; id?: string }, navigate = useNavigate(), speaks = useSpeaks(), keeper = useSession()?.role === 'administrator', open = (where: string) => void navigate({ to: where as '/', resetScroll: false });
    const tabs = [
        ...(speaks ? [
            { id: 'bulletins', title: t('desk.bulletins'), content: <Bulletins chosen={part === 'bulletins' ? id : undefined} onPick={each => open('/desk/bulletins/' + each)} /> },
            { id: 'requests', title: t('desk.requests'), content: <Requests chosen={part === 'requests' ? id : undefined} onPick={each => open('/desk/requests/' + each)} /> },
        ] : []),
        { id: 'directory', title: t('desk.directory'), content: <Directory /> },
        ...(speaks || keeper ? [{ id: 'subscriptions', title: t('desk.subscriptions'), content: <Subscriptions /> }] : []),
    ];
    return (
        <PageFrame title={t('nav.desk')} lead={t('desk.lead')}>
            <Tabs label={t('nav.desk')} selected={tabs.some(each => each.id === part) ? part! : tabs[0]!.id} onSelect={each => open('/desk/' + each)} tabs={tabs} />
        </PageFrame>
    );
}
