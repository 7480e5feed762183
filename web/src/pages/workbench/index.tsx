// Weights tried and seen at once; each member's, brought together; dissent recorded; frozen, approved, published.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api } from '@/api/client';
import { useAssessmentId } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, PageFrame, Tabs } from '@/ui';
import { ConsensusPart } from './consensus';
import { Evidence } from './evidence';
import { Freezing } from './freezing';
import { Judgements } from './judgements';
import { Weights } from './weights';
import '@/styles/work.css';

export interface MemberWeights { member: string; weights: Record<string, number>; kappa: number; note: string; person: string; at: string }
export interface Dissent { id: string; member: string; threat: string; text: string; person: string; at: string }
export interface Bench { assessment: string; draws: number; handling: string; criteria: { id: string; title: string; component: string; question: string; weight: number }[]; threats: { id: string; title: string }[]; weights: Record<string, number>; members: MemberWeights[]; dissent: Dissent[]; frozen: string | null; approvals: string[] }
export interface Weighed { threat: string; title: string; rank: number; band: number; low: number; high: number; expected_rank: number; score: number; score_low: number; score_high: number; p_top5: number; p_first: number }

export const useBench = (assessment: string) => useQuery({ queryKey: ['bench', assessment], queryFn: ({ signal }) => api.get<Bench>(`workbench/${assessment}`, { signal }) });
const kParts = ['weights', 'evidence', 'judgements', 'consensus', 'publish'] as const;

export default function Workbench() {
    const { t } = useText(), assessment = useAssessmentId(), asked = useBench(assessment), { part } = useParams({ strict: false }) as { part?: string }, navigate = useNavigate();
    return (
        <PageFrame title={t('nav.workbench')} lead={t('bench.lead')}>
            <Answer of={asked} lines={10}>
                {bench => (
                    <div className="work">
                        <p className="row"><span className="note">{bench.assessment}</span>{bench.frozen ? <Badge kind="good">{t('bench.frozen', { id: bench.frozen })}</Badge> : <Badge kind="accent">{t('bench.open')}</Badge>}</p>
                        <Tabs label={t('nav.workbench')} selected={kParts.includes(part as 'weights') ? (part as string) : 'weights'} onSelect={id => void navigate({ to: `/workbench/${id}` as '/', search: ((old: Record<string, unknown>) => old) as never, resetScroll: false })} tabs={[
                            { id: 'weights', title: t('bench.weights'), content: <Weights bench={bench} /> },
                            { id: 'evidence', title: t('bench.evidence'), content: <Evidence assessment={bench.assessment} /> },
                            { id: 'judgements', title: t('bench.judgements'), content: <Judgements assessment={bench.assessment} /> },
                            { id: 'consensus', title: t('bench.consensus'), content: <ConsensusPart bench={bench} /> },
                            { id: 'publish', title: t('bench.publish'), content: <Freezing bench={bench} /> },
                        ]} />
                    </div>
                )}
            </Answer>
        </PageFrame>
    );
}
