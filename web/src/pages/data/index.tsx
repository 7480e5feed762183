// Handing in a table, what came of earlier ones, and how complete and timely each member is.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { PageFrame, Tabs } from '@/ui';
import { Coverage } from './coverage';
import { Submissions } from './submissions';
import { Upload } from './upload';
import '@/styles/work.css';

const kParts = ['upload', 'submissions', 'coverage'] as const;

export default function Data() {
    const { t } = useText(), { part } = useParams({ strict: false }) as { part?: string }, navigate = useNavigate(), session = useSession(), may = session?.role === 'contributor' || session?.role === 'analyst', first = may ? 'upload' : 'coverage';
    return (
        <PageFrame title={t('nav.data')} lead={t('data.lead')}>
            <Tabs label={t('nav.data')} selected={kParts.includes(part as 'upload') && (may || part !== 'upload') ? (part as string) : first} onSelect={id => void navigate({ to: `/data/${id}` as '/', search: (old: Record<string, unknown>) => ({ assessment: old.assessment }) as never, resetScroll: false })} tabs={[
                ...(may ? [{ id: 'upload', title: t('data.upload'), content: <Upload /> }] : []),
                { id: 'submissions', title: t('data.submissions'), content: <Submissions /> },
                { id: 'coverage', title: t('data.coverage'), content: <Coverage /> },
            ]} />
        </PageFrame>
    );
}
