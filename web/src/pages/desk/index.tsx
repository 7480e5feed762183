// The contact desk: what others tell, what is asked, who is reached how, what comes by itself.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useText } from '@/i18n';
import { PageFrame, Tabs } from '@/ui';
import { Bulletins } from './bulletins';
import { Directory } from './directory';
import { Requests } from './requests';
import { Subscriptions } from './subscriptions';
import '@/styles/work.css';

const kParts = ['bulletins', 'requests', 'directory', 'subscriptions'] as const;

export default function Desk() {
    const { t } = useText(), { part, id } = useParams({ strict: false }) as { part?: string; id?: string }, navigate = useNavigate(), open = (where: string) => void navigate({ to: where as '/', resetScroll: false });
    return (
        <PageFrame title={t('nav.desk')} lead={t('desk.lead')}>
            <Tabs label={t('nav.desk')} selected={kParts.includes(part as 'bulletins') ? (part as string) : 'bulletins'} onSelect={each => open('/desk/' + each)} tabs={[
                { id: 'bulletins', title: t('desk.bulletins'), content: <Bulletins chosen={part === 'bulletins' ? id : undefined} onPick={each => open('/desk/bulletins/' + each)} /> },
                { id: 'requests', title: t('desk.requests'), content: <Requests chosen={part === 'requests' ? id : undefined} onPick={each => open('/desk/requests/' + each)} /> },
                { id: 'directory', title: t('desk.directory'), content: <Directory /> },
                { id: 'subscriptions', title: t('desk.subscriptions'), content: <Subscriptions /> },
            ]} />
        </PageFrame>
    );
}
