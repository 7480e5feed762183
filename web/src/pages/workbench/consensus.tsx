// Each member's weights and ranking, the common one, whose weights move what, and who does not agree.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { Bars, Chart, Share } from '@/charts';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Card, Cards, explain, Field, Section, Select, Table, useToast } from '@/ui';
import type { Bench, Dissent, MemberWeights, Weighed } from '.';

interface Consensus { assessment: string; members: { weights: MemberWeights; ranking: Weighed[]; agreement: number }[]; common: Weighed[]; mean_weights: Record<string, number>; concordance: number; moves: { member: string; threat: string; with: number; without: number; expected_with: number; expected_without: number }[]; dissent: Dissent[] }

export function ConsensusPart({ bench }: { bench: Bench }) {
    const { t, number, percent } = useText(), names = useNames(), asked = useQuery({ queryKey: ['bench', bench.assessment, 'consensus', bench.members], queryFn: ({ signal }) => api.get<Consensus>(`workbench/${bench.assessment}/consensus`, { signal }) });
    return (
        <Answer of={asked} lines={10}>
            {c => (
                <div className="work">
                    <Cards>
                        <Card name={t('bench.consensus.set')} more={t('bench.consensus.set.more', { n: names.region?.members.length ?? c.members.length })}>{number(c.members.filter(each => each.weights.person).length)}</Card>
                        <Card name={t('bench.consensus.w')} more={t('bench.consensus.w.more')}>{c.members.length < 2 ? '–' : number(c.concordance, 2)}</Card>
                        <Card name={t('bench.dissent')}>{number(c.dissent.length)}</Card>
                    </Cards>
                    <Section title={t('bench.consensus.ranks')} lead={t('bench.consensus.ranks.lead')}>
                        <div className="matrix" tabIndex={0} role="region" aria-label={t('bench.consensus.ranks')}>
                            <table>
                                <thead><tr><th scope="col">{t('rank.threat')}</th><th scope="col">{t('bench.consensus.common')}</th>{c.members.map(each => <th key={each.weights.member} scope="col">{names.member(each.weights.member)}</th>)}</tr></thead>
                                <tbody>
                                    {[...c.common].sort((a, b) => a.rank - b.rank).map(each => (
                                        <tr key={each.threat}><th scope="row">{names.threat(each.threat, each.title)}</th><td><b>{each.rank}</b> <span className="note">{each.low}–{each.high}</span></td>{c.members.map(m => { const own = m.ranking.find(r => r.threat === each.threat)?.rank ?? 0, off = own - each.rank; return <td key={m.weights.member}>{own}{Math.abs(off) >= 2 && <span className="note"> {off < 0 ? '▲' : '▼'}{Math.abs(off)}</span>}</td>; })}</tr>
                                    ))}
                                    <tr><th scope="row">{t('bench.consensus.agreement')}</th><td /> {c.members.map(m => <td key={m.weights.member}><Share value={Math.max(0, m.agreement)} /> <span className="note">{number(m.agreement, 2)}</span></td>)}</tr>
                                </tbody>
                            </table>
                        </div>
                    </Section>
                    <div className="panes">
                        <Chart level={2} title={t('bench.consensus.mean')} about={t('bench.consensus.mean.about')}><Bars label={t('bench.consensus.mean')} digits={0} lines={Object.entries(c.mean_weights).sort((a, b) => b[1] - a[1]).map(([id, share]) => ({ id, label: names.criterion(id), value: share * 100, text: percent(share) }))} /></Chart>
                        <Section title={t('bench.consensus.moves')} lead={t('bench.consensus.moves.lead')}>
                            <Table label={t('bench.consensus.moves')} rows={c.moves.slice(0, 60)} keyOf={each => each.member + each.threat} empty={t('bench.consensus.moves.none')} columns={[
                                { id: 'member', title: t('member'), cell: each => names.member(each.member), sort: each => each.member },
                                { id: 'threat', title: t('rank.threat'), cell: each => names.threat(each.threat), sort: each => each.threat },
                                { id: 'with', title: t('bench.consensus.with'), number: true, cell: each => each.with, sort: each => each.with },
                                { id: 'without', title: t('bench.consensus.without'), number: true, cell: each => each.without, sort: each => each.without },
                                { id: 'by', title: t('bench.consensus.by'), number: true, cell: each => number(each.expected_without - each.expected_with, 1), sort: each => Math.abs(each.expected_without - each.expected_with) },
                            ]} />
                        </Section>
                    </div>
                    <Dissents bench={bench} all={c.dissent} />
                </div>
            )}
        </Answer>
    );
}

function Dissents({ bench, all }: { bench: Bench; all: Dissent[] }) {
    const text = useText(), { t, time } = text, names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [threat, setThreat] = useState('all'), [words, setWords] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const may = session !== null && session.organisation !== 'regional' && (session.role === 'director' || session.role === 'analyst') && !bench.frozen;
    const add = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`workbench/${bench.assessment}/dissent`, { threat: threat === 'all' ? '' : threat, text: words });
            setWords('');
            toast(t('bench.dissent.kept'), 'good');
            void forget('bench');
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Section title={t('bench.dissent')} lead={t('bench.dissent.lead')}>
            {all.length === 0 ? <p className="muted">{t('bench.dissent.none')}</p> : <ul className="steps">{all.map(each => <li key={each.id}><b>{names.member(each.member)}</b> {each.threat && <Badge>{names.threat(each.threat)}</Badge>} <span className="note">{time(each.at)} · {each.person}</span><p>{each.text}</p></li>)}</ul>}
            {may && (
                <div className="stack">
                    <Select label={t('rank.threat')} value={threat} onChange={setThreat} options={[{ id: 'all', label: t('bench.dissent.whole') }, ...bench.threats.map(each => ({ id: each.id, label: names.threat(each.id, each.title) }))]} />
                    <Field label={t('bench.dissent.text')} value={words} onChange={setWords} multiline maxLength={8000} required />
                    {problem && <p className="form-problem" role="alert">{problem}</p>}
                    <div className="row"><Button variant="primary" isPending={busy} isDisabled={!words.trim()} onPress={() => void add()}>{t('bench.dissent.do')}</Button></div>
                </div>
            )}
        </Section>
    );
}
