// One threat: where it stands, its six lenses, what puts it there, where it goes through, where it is heading.
import { useQuery } from '@tanstack/react-query';
import { useLocation, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useNames } from '@/api/names';
import { queries, useAssessmentId } from '@/api/queries';
import type { ThreatPage } from '@/api/types';
import { probably } from '@/api/words';
import { AcceptabilityStrip, Chart, RestsOn } from '@/charts';
import { Evidence } from '@/evidence/open';
import { useText, type Text } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link, useGo } from '@/shell/link';
import { Answer, Button, Card, Cards, PageFrame, Section, TrendSign } from '@/ui';
import { Criteria } from './criteria';
import { AllFigures } from './figures';
import { Lenses } from './lenses';
import { Members } from './members';
import { Forecasts } from './forecasts';
import { Judgements, Questions, Rising, Ways } from './lists';
import { Where } from './where';
import './threat.css';

function lead({ threat }: ThreatPage, text: Text): string {
    const { t, number } = text, { word, p_rising, percent_per_year: v } = threat.trend;
    if (word === '' || word === 'not assessed') return t('threat.lead.none');
    const up = p_rising >= 0.5, said = probably(up ? p_rising : 1 - p_rising, text), counted = v.q05 !== 0 || v.q95 !== 0;
    if (!counted) return t(up ? 'threat.lead.stated.rises' : 'threat.lead.stated.falls', { word: said });
    return t(up ? 'threat.lead.rises' : 'threat.lead.falls', { word: said, median: number(v.q50, 0), low: number(v.q05, 0), high: number(v.q95, 0) });
}

export default function Threat() {
    const { area, name } = useParams({ strict: false }) as { area: string; name: string }, asked = useQuery(queries.threat(useAssessmentId(), `${area}.${name}`));
    return <Answer of={asked} lines={14}>{page => <View page={page} key={page.threat.threat} />}</Answer>;
}

function View({ page }: { page: ThreatPage }) {
    const text = useText(), { t, percent, number } = text, names = useNames(), threat = page.threat;
    const moved = threat.previous_rank ? threat.previous_rank - threat.rank : null, withEvidence = page.members.filter(each => each.measured + each.judged > 0.02).length;
    const place = useSearch({ strict: false, select: (search: { place?: string }) => search.place }), hash = useLocation({ select: each => each.hash }), go = useGo(), show = (country: string | undefined) => go(threatPath(threat.threat), { search: { place: country }, hash: 'figures' });
    // The part that the address names, once it is there.
    useEffect(() => { if (hash) document.getElementById(hash)?.scrollIntoView({ block: 'start' }); }, [hash, place]);
    const next = Object.entries(threat.graver_than).filter(([, p]) => p >= 0.8).length;
    const about = names.region?.threats.find(each => each.id === threat.threat)?.definition;
    return (
        <PageFrame windowTitle={names.threat(threat.threat, threat.title)} title={names.threat(threat.threat, threat.title)} eyebrow={<Link to="/threats">{names.area(threat.area)}</Link>} lead={<>{lead(page, text)}{about && text.language === 'en' && <span className="muted"> {about}</span>}</>} actions={<Button icon="print" onPress={() => window.print()}>{t('do.print')}</Button>}>
            <Cards>
                <Card name={t('threat.card.rank')} more={t('threat.card.rank.more', { of: page.of })}>{threat.rank} ({threat.rank_low}–{threat.rank_high})</Card>
                <Card name={t('threat.card.top5')} more={t('threat.card.top5.more', { p: percent(threat.p_first) })}>{percent(threat.p_top5)}</Card>
                <Card name={t('threat.card.since')} more={moved !== null ? `${threat.previous_rank} → ${threat.rank}` : undefined}>{moved === null ? t('threat.card.since.none') : moved === 0 ? t('threat.places_same') : <span className="row"><TrendSign word={moved > 0 ? 'rising' : 'falling'} />{t(moved > 0 ? 'threat.places' : 'threat.places_down', { n: Math.abs(moved) })}</span>}</Card>
                <Card name={t('rank.trend')} more={threat.trend.word && t(threat.trend.p_rising >= 0.5 ? 'trend.rising' : 'trend.falling') + ': ' + percent(Math.max(threat.trend.p_rising, 1 - threat.trend.p_rising))}><Evidence figure={threat.trend.figure || undefined}>{t(threat.trend.word === 'rising' ? 'trend.rising' : threat.trend.word === 'falling' ? 'trend.falling' : threat.trend.word === 'stable' ? 'trend.stable' : threat.trend.word === 'uncertain' ? 'trend.uncertain' : 'trend.not_assessed')}</Evidence></Card>
                <Card name={t('threat.card.members')}>{t('threat.card.members.value', { n: withEvidence, of: page.members.length })}</Card>
                <Card name={t('threat.card.rests')} more={<><RestsOn measured={threat.measured} judged={threat.judged} width="100%" height={6} /></>}>{t('threat.card.rests.value', { p: percent(threat.measured) })}</Card>
            </Cards>
            <Section title={t('threat.lenses')} lead={t('threat.lenses.about')}><Lenses page={page} /></Section>
            {page.outlooks.length > 0 && <Section title={t('threat.forecast')}><Forecasts outlooks={page.outlooks} /></Section>}
            <div className="pair">
                <Section title={t('threat.criteria')} id="criteria"><Criteria page={page} /></Section>
                <Section title={t('threat.rank.strip')}>
                    <Chart title={t('threat.rank.strip.title', { low: threat.rank_low, high: threat.rank_high })} about={t('threat.rank.strip.about', { n: page.of })} table={{ heads: [t('rank.rank'), t('threat.rank.strip')], rows: threat.acceptability.map((p, i) => [i + 1, percent(p)]) }} foot={`${t('threat.graver', { n: next, of: page.of - 1 })} ${t('threat.card.measured_only', { rank: number(threat.rank_measured_only) })}`}>
                        <AcceptabilityStrip values={threat.acceptability} rank={threat.rank} label={t('threat.rank.strip')} />
                    </Chart>
                    <Section level={3} title={t('threat.gaps')}><Questions gaps={page.gaps} threat={threat.threat} /></Section>
                </Section>
            </div>
            <div className="pair">
                <Section title={t('threat.routes.title')}><Where page={page} onSelect={show} /></Section>
                <Section title={t('threat.members')} lead={t('threat.members.about')}><Members page={page} onOpen={show} /></Section>
            </div>
            <div className="pair">
                <Section title={t('threat.mo')}><Ways page={page} /></Section>
                <Section title={t('threat.judgements')} lead={t('threat.judgements.about')}><Judgements figures={page.figures.filter(each => each.basis === 'judged' && each.lens !== '')} /></Section>
            </div>
            {page.signals.length > 0 && <Section title={t('threat.signals')}><Rising signals={page.signals} /></Section>}
            <Section id="figures" title={place ? t('threat.all_figures.of', { place: names.place(place) }) : t('threat.all_figures')} lead={t('threat.all_figures.about', { n: page.figures.length })} actions={place && <Button small icon="close" onPress={() => show(undefined)}>{t('do.show_all')}</Button>}><AllFigures figures={place ? page.figures.filter(each => each.place === place || names.region?.members.find(m => m.id === each.member)?.country === place) : page.figures} /></Section>
        </PageFrame>
    );
}
