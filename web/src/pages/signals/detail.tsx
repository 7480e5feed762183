// One signal: its sentence, the series with what was expected, on what it rests, what was done, what to say next.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useRegion } from '@/api/queries';
import { useNames } from '@/api/names';
import { useSignalWords } from '@/api/signal-words';
import type { FollowedSignal } from '@/api/types';
import { Chart, fromSignal, TimeChart } from '@/charts';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer, Badge, Button, explain, Facts, Field, Section, Segments, Select, useToast } from '@/ui';
import { stateKind } from '.';

interface Step { action: string; at: string; person: string; organisation: string; word: string; text: string; outcome: string; known_on: string; period: string; seen: number; expected: number }
type Whole = Omit<FollowedSignal, 'steps'> & { steps: Step[] };

export function Detail({ id, may }: { id: string; may: boolean }) {
    const { t, number, period, percent, time, known } = useText(), words = useSignalWords(), names = useNames();
    const asked = useQuery({ queryKey: ['signal', id], queryFn: ({ signal }) => api.get<Whole>(`signals/${id}`, { signal }) });
    return (
        <Answer of={asked} lines={8}>
            {s => (
                <article className="stack">
                    <header className="stack-s">
                        <div className="row"><Badge kind={stateKind(s.state)}>{t(`signals.state.${s.state}` as 'signals.state.new')}</Badge>{s.outcome && <Badge kind={s.outcome === 'true' ? 'good' : s.outcome === 'false' ? 'bad' : 'plain'}>{t(`signals.outcome.${s.outcome}` as 'signals.outcome.true')}</Badge>}<span className="note">{s.id}</span></div>
                        <h2 lang={words.title(s).lang}>{words.title(s).text}</h2>
                        <p className="story" lang={words.sentence(s).lang}>{words.sentence(s).text}</p>
                    </header>
                    <Chart level={3} title={t('signals.series')} about={t('signals.series.about')} table={{ heads: [t('period'), t('signals.seen'), t('signals.expected'), t('signals.high')], rows: s.points.map(p => [period(p.period), p.known ? number(p.value) : t('chart.missing'), number(p.expected), number(p.high)]) }}>
                        <TimeChart points={fromSignal(s.points, s.period, 96)} label={words.title(s).text} height={220} />
                    </Chart>
                    <Facts items={[
                        [t('signals.when'), `${period(s.period)}${s.began && s.began !== s.period ? ' · ' + t('signals.since', { period: period(s.began) }) : ''}`],
                        [t('signals.seen'), t('signals.seen.range', { seen: s.seen, low: s.low, high: s.high, expected: s.expected })],
                        [t('signals.sure'), t('signals.sure.more', { q: percent(s.q), p: s.p < 0.0001 ? '< 0.0001' : number(s.p, 4) })],
                        [t('rank.threat'), <span key="t" className="row">{s.threats.map(each => <Link key={each} to={threatPath(each)}>{names.threat(each)}</Link>)}</span>],
                        s.place ? [t('place'), names.place(s.place)] : null,
                        s.member ? [t('member'), names.member(s.member)] : null,
                        [t('source'), names.source(s.source)],
                        [t('signals.detector'), `${s.detector}, ${t('signals.rows', { n: s.row_count })}, ${t('signals.complete', { p: percent(s.completeness) })}`],
                        s.also_at.length > 0 ? [t('signals.also'), <ul key="a" className="stack-s">{s.also_at.map(each => <li key={each.series || each.title}><span lang="en">{each.title}</span> <span className="note">{t('signals.seen_expected', { seen: each.seen, expected: each.expected })}</span></li>)}</ul>] : null,
                        [t('handling'), s.handling],
                    ]} />
                    {s.would_be_false.length > 0 && <Section level={3} title={t('signals.false_if')}><ul className="points" lang="en">{s.would_be_false.map(each => <li key={each}>{each}</li>)}</ul></Section>}
                    <Section level={3} title={t('signals.steps')}>
                        {s.steps.length === 0 ? <p className="muted">{t('signals.steps.none')}</p> : <ol className="steps">{s.steps.map((each, i) => <li key={i}><b>{t(`signals.step.${each.action}` as 'signals.step.closed')}</b> <span className="note">{each.at ? time(each.at) : ''} · {each.person} · {names.member(each.organisation)}</span>{each.action === 'again' && <p>{period(each.period)}: {t('signals.seen_expected', { seen: each.seen, expected: each.expected })}</p>}{each.word && <p><Badge kind="judged">{known('yardstick', each.word, each.word)}</Badge></p>}{each.text && <p>{each.text}</p>}{each.outcome && <p className="note">{t(`signals.outcome.${each.outcome}` as 'signals.outcome.true')}{each.known_on && ' · ' + t('signals.known_on.was', { date: each.known_on })}</p>}</li>)}</ol>}
                    </Section>
                    {may && s.state !== 'closed' && <Triage key={s.id + s.state} id={s.id} state={s.state} />}
                </article>
            )}
        </Answer>
    );
}

function Triage({ id, state }: { id: string; state: string }) {
    const text = useText(), { t } = text, region = useRegion(), toast = useToast(), forget = useForget();
    const [what, setWhat] = useState<'acknowledge' | 'assess' | 'close'>(state === 'new' ? 'acknowledge' : 'assess'), [words, setWords] = useState(''), [word, setWord] = useState<string | null>(null), [outcome, setOutcome] = useState<'true' | 'false' | 'undecided'>('true'), [known, setKnown] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const yardstick = region?.yardsticks[0]?.yardstick, yardsticks = region?.yardsticks.filter(each => each.yardstick === yardstick) ?? [];
    const submit = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`signals/${id}/steps`, { action: what, text: words, ...(what === 'assess' ? { word: word ?? '' } : {}), ...(what === 'close' ? { outcome, known_on: outcome === 'true' ? known : '' } : {}) });
            toast(t(`signals.done.${what}`), 'good');
            setWords('');
            void forget('signals');
            void forget('signal');
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Section level={3} title={t('signals.next')}>
            <div className="stack">
                <Segments label={t('signals.next')} value={what} onChange={setWhat} options={(['acknowledge', 'assess', 'close'] as const).filter(each => each !== 'acknowledge' || state === 'new').map(each => ({ id: each, label: t(`signals.do.${each}`) }))} />
                {what === 'assess' && <Select label={t('signals.word')} value={word} onChange={setWord} options={yardsticks.map(each => ({ id: each.word, label: text.known('yardstick', each.word, each.word), more: `${text.percent(each.low)}–${text.percent(each.high)}` }))} />}
                {what === 'close' && <Segments label={t('signals.outcome')} value={outcome} onChange={setOutcome} options={(['true', 'false', 'undecided'] as const).map(each => ({ id: each, label: t(`signals.outcome.${each}`) }))} />}
                {what === 'close' && outcome === 'true' && <Field label={t('signals.known_on')} help={t('signals.known_on.help')} value={known} onChange={setKnown} type="date" />}
                <Field label={t(`signals.text.${what}`)} value={words} onChange={setWords} multiline maxLength={8000} required={what !== 'acknowledge'} />
                {problem && <p className="form-problem" role="alert">{problem}</p>}
                <div className="row"><Button variant="primary" isPending={busy} isDisabled={(what !== 'acknowledge' && !words.trim()) || (what === 'assess' && !word)} onPress={() => void submit()}>{t(`signals.do.${what}`)}</Button></div>
            </div>
        </Section>
    );
}
