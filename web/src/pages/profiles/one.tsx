// One version: what it says section by section with what each statement rests on, what changed since another, what became of it.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useSignalWords } from '@/api/signal-words';
import type { Figure } from '@/api/types';
import { Chart, fromFan, fromSignal, Ranking, RankingKey, rankLine, scoreRange, TimeChart } from '@/charts';
import { FigureContent } from '@/evidence/panel';
import { FigureTitle } from '@/evidence/title';
import { Handling } from '@/pages/desk/fields';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, Badge, BasisSign, Button, Card, Cards, Dialog, Drawer, explain, Facts, Field, PageFrame, Section, Select, Table, useToast } from '@/ui';
import { RecipientsField } from '@/pages/desk/fields';
import { stateKind, type Diff, type Line, type Profile, type Sent, type Statement, type View } from './records';
import '@/styles/work.css';

export default function One() {
    const { id } = useParams({ strict: false }) as { id: string }, asked = useQuery({ queryKey: ['profiles', 'one', id], queryFn: ({ signal }) => api.get<View>(`profiles/${id}`, { signal }) });
    return <Answer of={asked} lines={12}>{({ profile, ...line }) => <Whole key={id} line={line} profile={profile} />}</Answer>;
}

function Whole({ line, profile }: { line: Line; profile: Profile }) {
    const { t, date, time, number } = useText(), names = useNames(), session = useSession(), [doing, setDoing] = useState<'approve' | 'publish' | 'withdraw' | null>(null), [figure, setFigure] = useState<Figure | null>(null), lines = profile.threats.map(each => rankLine(each, <Link to={threatPath(each.threat)}>{names.threat(each.threat, each.title)}</Link>)).sort((a, b) => a.rank - b.rank);
    const own = session !== null && (session.organisation === line.organisation || session.organisation === 'regional'), director = own && session?.role === 'director', file = (what: string) => `/api/v1/profiles/${line.id}/${what}`, takes = session !== null && ['analyst', 'director', 'contact_point'].includes(session.role);
    return (
        <PageFrame windowTitle={names.area(line.area)} eyebrow={<Link to="/profiles">{t('profiles.title')}</Link>} title={names.area(line.area)} lead={t('profiles.of', { name: names.member(line.organisation), date: date(line.as_of) })}
            actions={<>{takes && (['page', 'stix'] as const).map(each => <a key={each} className="button" href={file(each)} download>{t(`profiles.file.${each}`)}</a>)}<Button icon="print" onPress={() => window.print()}>{t('do.print')}</Button></>}>
            <div className="row"><Badge kind={stateKind(line.state)}>{t(`profiles.state.${line.state as 'draft'}`)}</Badge><Badge>{t('desk.version', { n: line.version })}</Badge><Badge>{t(`profiles.edition.${line.edition as 'public'}`)}</Badge><Handling value={line.handling} /><span className="note">{line.id}</span>
                <span className="grow" />{director && line.state === 'draft' && <Button variant="primary" onPress={() => setDoing('approve')}>{t('profiles.approve')}</Button>}{session?.role === 'director' && (line.state === 'approved' || line.state === 'published') && <Button variant={line.state === 'approved' ? 'primary' : undefined} onPress={() => setDoing('publish')}>{t('profiles.publish')}</Button>}{director && line.state === 'published' && <Button variant="danger" onPress={() => setDoing('withdraw')}>{t('desk.do.withdraw')}</Button>}</div>
            <Cards><Card name={t('profiles.statements')}>{number(line.statements, 0)}</Card><Card name={t('profiles.gaps')}>{number(line.gaps, 0)}</Card><Card name={t('profiles.withheld')}>{number(line.withheld, 0)}</Card><Card name={t('profiles.sent')}>{number(line.sent.length, 0)}</Card></Cards>
            {lines.length > 0 && <Chart level={2} title={t('profiles.threats')} about={t('overview.ranking.about')} foot={<RankingKey />}><Ranking lines={lines} range={scoreRange(lines)} label={t('profiles.threats')} /></Chart>}
            {profile.sections.filter(each => each.statements.length > 0).map(each => <Section key={each.id} title={t(`profiles.section.${each.id as 'overview'}`)}><Statements of={each.statements} figures={profile.figures} onOpen={setFigure} /></Section>)}
            <Drawn of={profile} />
            <Changes line={line} />
            <Section title={t('decisions.steps')}>
                <Facts items={[[t('profiles.compiled'), `${time(line.made)} · ${line.person}`], [t('profiles.from'), `${profile.created_for} · ${line.assessment}`], line.originators.length > 0 && [t('desk.bound_by'), line.originators.map(each => names.member(each)).join(', ')], line.sent.length > 0 && [t('desk.recipients'), line.sent.map(each => names.member(each)).join(', ')]]} />
                {line.steps.length > 0 && <ol className="steps">{line.steps.map((each, i) => <li key={i}><b>{t(`profiles.step.${each.action as 'approved'}`)}</b> <span className="note">{time(each.at)} · {each.person} · {names.member(each.organisation)}</span>{each.text && <p>{each.text}</p>}</li>)}</ol>}
            </Section>
            <Drawer isOpen={figure !== null} onClose={() => setFigure(null)} title={figure ? <FigureTitle of={figure} /> : ''} eyebrow={<p className="eyebrow">{t('evidence.title')} {figure?.id}</p>}>{figure && <FigureContent figure={figure} />}</Drawer>
            {doing && <Move line={line} doing={doing} onClose={() => setDoing(null)} />}
        </PageFrame>
    );
}

// Measured, judged, not known: with a sign each; a number opens what it rests on, which the profile carries with it.
function Statements({ of, figures, onOpen }: { of: Statement[]; figures: Figure[]; onOpen: (figure: Figure) => void }) {
    const { t } = useText(), names = useNames();
    return (
        <ul className="statements">
            {of.map(each => (
                <li key={each.key}>
                    <BasisSign basis={each.nature === 'fact' ? 'measured' : each.nature === 'assessment' ? 'judged' : 'imputed'} size={12} />
                    <div className="stack-s"><p lang="en">{each.text}</p><p className="note">{t(`profiles.nature.${each.nature as 'fact'}`)}{each.threat && <> · <Link to={threatPath(each.threat)}>{names.threat(each.threat)}</Link></>}{each.by.length > 0 && ' · ' + each.by.map(id => names.region?.sources.some(s => s.id === id) ? names.source(id) : names.member(id)).join(', ')}{each.handling && ' · ' + each.handling} {each.figures.map(id => { const found = figures.find(f => f.id === id); return found ? <button key={id} type="button" className="evidence" onClick={() => onOpen(found)}>{id}</button> : null; })}</p></div>
                </li>
            ))}
        </ul>
    );
}

function Drawn({ of }: { of: Profile }) {
    const { t, period, percent } = useText(), words = useSignalWords(), fans = of.outlooks.filter(each => each.fan.length > 0);
    if (fans.length + of.signals.length === 0) return null;
    return (
        <div className="multiples">
            {of.signals.slice(0, 6).map(({ signal: s }) => <Chart key={s.id} level={3} small title={<span lang={words.title(s).lang}>{words.title(s).text}</span>} about={`${period(s.period)} · ${t('overview.arising.false', { p: percent(s.q) })}`}><TimeChart points={fromSignal(s.points, s.period)} label={words.title(s).text} height={120} dots={false} /></Chart>)}
            {fans.slice(0, 6).map(each => <Chart key={each.series + each.figure} level={3} small title={<span lang="en">{each.title}</span>} about={t('profiles.section.forecasts')}><TimeChart points={fromFan(each.history, each.fan)} label={each.title} height={120} /></Chart>)}
        </div>
    );
}

function Changes({ line }: { line: Line }) {
    const { t, date } = useText(), names = useNames(), [since, setSince] = useState<string | null>(null);
    const all = useQuery({ queryKey: ['profiles'], queryFn: ({ signal }) => api.all<Line>('profiles', { signal }) }), others = (all.data?.items ?? []).filter(each => each.area === line.area && each.id !== line.id);
    const asked = useQuery({ queryKey: ['profiles', 'changes', line.id, since], enabled: since !== null, queryFn: ({ signal }) => api.get<Diff>(`profiles/${line.id}/changes`, { signal, query: { from: since } }) });
    return (
        <Section title={t('profiles.changes')} lead={t('profiles.changes.lead')}>
            {others.length === 0 ? <p className="muted">{t('profiles.changes.none')}</p> : <div className="filters"><Select label={t('profiles.since')} value={since} onChange={setSince} options={others.map(each => ({ id: each.id, label: `${names.member(each.organisation)}, ${t('desk.version', { n: each.version })}`, more: date(each.made) }))} /></div>}
            {since && <Answer of={asked} lines={4}>{d => (
                <div className="stack">
                    <p lang="en">{d.summary}</p>
                    <Table label={t('profiles.changes')} rows={d.changes} keyOf={each => each.section + each.key} empty={t('profiles.changes.same')} columns={[
                        { id: 'kind', title: t('profiles.change'), cell: each => <Badge kind={each.kind === 'added' ? 'good' : each.kind === 'gone' ? 'bad' : 'accent'}>{each.kind === 'added' ? '+ ' : each.kind === 'gone' ? '− ' : '± '}{t(`profiles.change.${each.kind as 'added'}`)}</Badge>, sort: each => each.kind },
                        { id: 'section', title: t('profiles.section'), cell: each => t(`profiles.section.${each.section as 'overview'}`), sort: each => each.section },
                        { id: 'before', title: t('profiles.before'), cell: each => <del lang="en">{each.before}</del> },
                        { id: 'after', title: t('profiles.after'), cell: each => <ins lang="en">{each.after}</ins> },
                    ]} />
                </div>
            )}</Answer>}
        </Section>
    );
}

function Move({ line, doing, onClose }: { line: Line; doing: 'approve' | 'publish' | 'withdraw'; onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), forget = useForget(), toast = useToast(), [to, setTo] = useState<string[]>([]), [words, setWords] = useState(''), [sent, setSent] = useState<Sent | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const act = async () => {
        setBusy(true);
        setProblem('');
        try {
            const answer = await api.post<Sent>(`profiles/${line.id}/steps`, { action: doing, text: words, ...(doing === 'publish' ? { to } : {}) });
            void forget('profiles');
            if (doing === 'publish' && answer?.sent) return setSent(answer);
            toast(t('do.done'), 'good');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t(`profiles.${doing}`)} isOpen onClose={onClose} foot={sent ? <Button variant="primary" onPress={onClose}>{t('do.close')}</Button> : <><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant={doing === 'withdraw' ? 'danger' : 'primary'} isPending={busy} isDisabled={doing === 'withdraw' && !words.trim()} onPress={() => void act()}>{t(`profiles.${doing}`)}</Button></>}>
            {sent ? <Facts items={[[t('profiles.sent.to'), sent.sent.map(each => names.member(each)).join(', ') || '–'], [t('profiles.sent.here'), sent.here.map(each => names.member(each)).join(', ') || '–'], ...sent.refused.map(each => [names.member(each.organisation), <span key={each.organisation} lang="en">{each.why}</span>] as const)]} /> : (
                <>
                    <p>{t(`profiles.${doing}.lead`)}</p>
                    {doing === 'publish' && <RecipientsField legend={t('profiles.publish.more')} value={to} onChange={setTo} />}
                    <Field label={t(doing === 'withdraw' ? 'desk.reason' : 'desk.note')} value={words} onChange={setWords} multiline maxLength={4000} required={doing === 'withdraw'} />
                    {problem && <p className="form-problem" role="alert">{problem}</p>}
                </>
            )}
        </Dialog>
    );
}
