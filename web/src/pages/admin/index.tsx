// People, organisations, machines, the audit log, jobs, and who may do what.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { PageFrame, Tabs } from '@/ui';
import { Audit } from './audit';
import { JobList } from './jobs';
import { Collections } from './collections';
import { Nodes } from './nodes';
import { Organisations } from './organisations';
import { People } from './people';
import { Rights } from './rights';
import { Tokens } from './tokens';
import '@/styles/work.css';

export default function Admin() {
    const { t } = useText(), { part } = useParams({ strict: false }) as { part?: string }, navigate = useNavigate(), session = useSession();
    const keeper = session?.role === 'administrator' || session?.role === 'auditor';
    const tabs = [...(keeper ? [{ id: 'people', title: t('admin.people'), content: <People /> }, { id: 'organisations', title: t('admin.organisations'), content: <Organisations /> }, { id: 'tokens', title: t('admin.tokens'), content: <Tokens /> }, { id: 'audit', title: t('admin.audit'), content: <Audit /> }, { id: 'nodes', title: t('nodes.title'), content: <Nodes /> }, { id: 'collections', title: t('taxii.title'), content: <Collections /> }] : []), { id: 'jobs', title: t('jobs.title'), content: <JobList /> }, { id: 'rights', title: t('admin.rights'), content: <Rights /> }];
    return <PageFrame title={t('nav.admin')} lead={t('admin.lead')}><Tabs label={t('nav.admin')} selected={tabs.some(each => each.id === part) ? part! : tabs[0]!.id} onSelect={id => void navigate({ to: `/admin/${id}` as '/', resetScroll: false })} tabs={tabs} /></PageFrame>;
}
