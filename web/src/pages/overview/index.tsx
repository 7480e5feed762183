// For a director: what weighs most and how sure that is, what moved, where, what is arising, what was agreed.
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '@/api/client';
import { useMay } from '@/api/may';
import { queries, useAssessmentId } from '@/api/queries';
import { useNames } from '@/api/names';
import { Chart, Ranking, RankingKey, rankLine, scoreRange } from '@/charts';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link, useGo } from '@/shell/link';
import { Answer, Button, Card, Cards, EmptyState, PageFrame, Section } from '@/ui';
import { Arising } from './arising';
import { Agreed, isLate } from './agreed';
import { Collect } from './collect';
import { rankingFinding } from './finding';
import { Moved } from './moved';
import { MapOfRegion } from './region';
import { ReportMenu } from './report-menu';
import './overview.css';

const kShort = 12;

export default function Overview() {
    const text = useText(), { t, number, percent } = text, may = useMay(), names = useNames(), go = useGo(), id = useAssessmentId(), [all, setAll] = useState(false);
    const threats = useQuery({ ...queries.threats(id), enabled: may('threats') }), head = useQuery(queries.assessment(id)).data, signals = useQuery({ ...queries.signals(), enabled: may('signals') }).data, decisions = useQuery({ ...queries.decisions(), enabled: may('decisions') }).data;
    // An auditor reads the log, not the assessment.
    if (!may('threats')) return <Navigate to={'/admin' as '/'} replace />;
    // The first day: nothing was assessed yet.
    if (threats.data === undefined && threats.error instanceof ApiError && threats.error.status === 404)
        return <PageFrame title={t('nav.overview')}><EmptyState title={t('overview.first')} action={<div className="row">{may('ingest') && <Link to="/data" className="button">{t('nav.data')}</Link>}{may('ingest') && <Link to="/admin/jobs" className="button">{t('jobs.title')}</Link>}</div>}>{t('overview.first.more')}</EmptyState></PageFrame>;
    return (
        <Answer of={threats} lines={12}>
            {({ items }) => {
                const ranking = [...items].sort((a, b) => a.rank - b.rank), name = (each: { threat: string; title: string }) => names.threat(each.threat, each.title);
                const lines = ranking.map(each => rankLine(each, <Link to={threatPath(each.threat)}>{name(each)}</Link>)), rising = ranking.filter(each => each.trend.word === 'rising').length;
                const d = head?.diagnostics as Record<string, number> | undefined, open = signals?.items.filter(each => each.state !== 'closed') ?? [], evidence = ranking.reduce((sum, each) => sum + each.measured + each.judged, 0) / Math.max(1, ranking.length);
                const late = decisions?.items.filter(isLate).length ?? 0;
                return (
                    <PageFrame windowTitle={t('nav.overview')} title={rankingFinding(ranking, name, text)} eyebrow={<><span className="no-print">{t('nav.overview')}</span><span className="print-only">{names.region && (names.region.region.id === 'see' ? t('shell.see') : names.region.region.title)}{head && ' · ' + t('app.as_of', { date: text.date(head.manifest.as_of) })}</span></>}
                        lead={d && t('overview.lead', { all: d.region_cells ?? 0, known: d.region_cells_known ?? 0 })} actions={<><ReportMenu assessment={id} /><Button icon="print" onPress={() => window.print()}>{t('do.print')}</Button></>}>
                        <div className="overview">
                            <Cards>
                                <Card to="/threats" name={t('overview.card.rising')} more={t('overview.card.rising.more', { all: ranking.length })}>{number(rising)}</Card>
                                <Card to={may('signals') && '/signals'} name={t('overview.card.signals')} more={head && t('overview.card.signals.more', { n: Math.round(head.arising.expected_false) })}>{number(open.length || (head?.arising.signals.length ?? 0))}</Card>
                                <Card to="/data/coverage" name={t('overview.card.evidence')} more={t('overview.card.evidence.more')}>{percent(evidence)}</Card>
                                <Card to={may('workbench') && '/workbench/consensus'} name={t('overview.card.agree')} more={head && t('overview.card.agree.more', { n: head.profiles.length })}>{number(d?.kendall_w, 2)}</Card>
                                {may('decisions') && <Card to="/decisions" name={t('overview.card.decisions')} more={t('overview.card.decisions.more', { n: late })}>{number(decisions?.items.filter(each => each.state === 'open').length ?? 0)}</Card>}
                            </Cards>
                            <div className="overview-top">
                                <section className="area-ranking">
                                    <Chart level={2} title={t('overview.ranking')} about={t('overview.ranking.about')} foot={<RankingKey />}>
                                        <Ranking lines={all ? lines : lines.slice(0, kShort)} range={scoreRange(lines)} onOpen={id => go(threatPath(id), { hash: 'criteria' })} label={t('overview.ranking')} />
                                    </Chart>
                                    {lines.length > kShort && <div className="no-print"><Button small variant="quiet" icon={all ? 'up' : 'down'} onPress={() => setAll(!all)}>{all ? t('do.show_less') : t('overview.all', { n: lines.length })}</Button></div>}
                                </section>
                                <section className="area-map"><MapOfRegion assessment={id} ranking={ranking} /></section>
                            </div>
                            <div className="overview-bottom">
                                <Section title={t('overview.arising')} className="area-arising" actions={may('signals') && <Link to="/signals">{t('overview.arising.all')}</Link>}><Arising signals={head?.arising.signals ?? []} /></Section>
                                <Section title={t('overview.moved')} className="area-moved"><Moved assessment={id} /></Section>
                                {may('decisions') && <Section title={t('overview.decisions')} className="area-agreed" actions={<Link to="/decisions">{t('overview.decisions.all')}</Link>}><Agreed /></Section>}
                                <Section title={t('overview.collect')} lead={t('overview.collect.about')} className="area-collect"><Collect assessment={id} /></Section>
                            </div>
                            {head && <p className="note">{t('overview.foot', { id: head.id, method: head.manifest.method, draws: head.manifest.draws })}</p>}
                        </div>
                    </PageFrame>
                );
            }}
        </Answer>
    );
}
