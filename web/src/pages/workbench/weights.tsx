// Sliders, and the ranking as it would be. Nothing is kept until the member's weights are set.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api } from '@/api/client';
import { queries, useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { Chart, Ranking, RankingKey, scoreRange, type RankLine } from '@/charts';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link, useGo } from '@/shell/link';
import { Button, ErrorNote, Field, Section, Select, Skeleton, useToast } from '@/ui';
import type { Bench, Weighed } from '.';

const kHundred = 100;
// Shares that sum to one, from points of any sum.
export function shares(points: Record<string, number>): Record<string, number> {
    const sum = Object.values(points).reduce((a, b) => a + b, 0);
    return Object.fromEntries(Object.entries(points).map(([id, value]) => [id, sum > 0 ? value / sum : 0]));
}
const points = (weights: Record<string, number>) => Object.fromEntries(Object.entries(weights).map(([id, share]) => [id, Math.round(share * kHundred * 10) / 10]));

export function Weights({ bench }: { bench: Bench }) {
    const { t, percent } = useText(), names = useNames(), go = useGo(), session = useSession(), toast = useToast(), forget = useForget();
    const [chosen, setChosen] = useState<Record<string, number>>(() => points(bench.weights)), [sent, setSent] = useState(chosen), [note, setNote] = useState(''), [busy, setBusy] = useState(false), [preset, setPreset] = useState('assessment');
    useEffect(() => { const timer = setTimeout(() => setSent(chosen), 120); return () => clearTimeout(timer); }, [chosen]);
    const sum = Object.values(sent).reduce((a, b) => a + b, 0);
    const asked = useQuery({ queryKey: ['bench', bench.assessment, 'rank', sent], enabled: sum > 0, placeholderData: keepPreviousData, staleTime: Infinity, queryFn: ({ signal }) => api.post<{ ranking: Weighed[] }>(`workbench/${bench.assessment}/rank`, { weights: shares(sent) }, { signal }) });
    const stored = useQuery(queries.threats(bench.assessment)).data, own = session && names.region?.members.some(each => each.id === session.organisation) ? session.organisation : null, may = own !== null && (session?.role === 'director' || session?.role === 'analyst') && !bench.frozen;
    const lines: RankLine[] = useMemo(() => {
        const before = new Map(stored?.items.map(each => [each.threat, each]) ?? []);
        return (asked.data?.ranking ?? []).map(each => {
            const was = before.get(each.threat);
            return { id: each.threat, title: <Link to={threatPath(each.threat)}>{names.threat(each.threat, each.title)}</Link>, rank: each.rank, band: each.band, low: each.score_low, value: each.score, high: each.score_high, p_top5: each.p_top5, measured: was?.measured, judged: was?.judged, trend: was?.trend.word, before: was?.rank };
        });
        // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [asked.data, stored]);
    const moved = (asked.data?.ranking ?? []).map(each => ({ ...each, was: stored?.items.find(s => s.threat === each.threat)?.rank ?? each.rank })).filter(each => each.was !== each.rank).sort((a, b) => Math.abs(b.was - b.rank) - Math.abs(a.was - a.rank));
    const save = async () => {
        if (!own) return;
        setBusy(true);
        try {
            await api.put(`workbench/${bench.assessment}/weights/${own}`, { weights: shares(chosen), note });
            toast(t('bench.weights.kept', { member: names.member(own) }), 'good');
            void forget('bench');
        } catch (error) { toast.error(error); } finally { setBusy(false); }
    };
    const pick = (id: string) => {
        setPreset(id);
        const weights = id === 'assessment' ? bench.weights : id === 'equal' ? Object.fromEntries(bench.criteria.map(each => [each.id, 1 / bench.criteria.length])) : bench.members.find(each => each.member === id)?.weights;
        if (weights) setChosen(points(weights));
    };
    return (
        <div className="panes">
            <Section title={t('bench.weights.title')} lead={t('bench.weights.lead')}>
                <Select label={t('bench.weights.from')} value={preset} onChange={pick} options={[{ id: 'assessment', label: t('bench.weights.assessment') }, { id: 'equal', label: t('bench.weights.equal') }, ...bench.members.map(each => ({ id: each.member, label: names.member(each.member) }))]} />
                <div className="weights" role="group" aria-label={t('bench.weights.title')}>
                    {bench.criteria.map(each => {
                        const value = chosen[each.id] ?? 0, set = (next: number) => setChosen(old => ({ ...old, [each.id]: Math.min(kHundred, Math.max(0, Number.isFinite(next) ? next : 0)) }));
                        return (
                            <div key={each.id} className="weight">
                                <span><span>{names.criterion(each.id)}</span> <span className="note">{percent(shares(chosen)[each.id])}</span></span>
                                <input type="range" min={0} max={40} step={0.5} value={Math.min(40, value)} aria-label={names.criterion(each.id)} onChange={event => set(Number(event.target.value))} />
                                <input type="number" min={0} max={kHundred} step={0.5} value={value} aria-label={t('bench.weights.points', { name: names.criterion(each.id) })} onChange={event => set(Number(event.target.value))} />
                            </div>
                        );
                    })}
                </div>
                {sum <= 0 && <p className="form-problem" role="alert">{t('bench.weights.zero')}</p>}
                <div className="row"><Button onPress={() => pick('assessment')}>{t('bench.weights.reset')}</Button></div>
                {own ? <div className="stack-s"><Field label={t('bench.weights.note')} value={note} onChange={setNote} multiline maxLength={4000} disabled={!may} /><div className="row"><Button variant="primary" isPending={busy} isDisabled={!may || sum <= 0} onPress={() => void save()}>{t('bench.weights.save', { member: names.member(own) })}</Button></div>{!may && <p className="note">{bench.frozen ? t('bench.frozen.more') : t('error.not_allowed')}</p>}</div> : <p className="note">{t('bench.weights.not_member')}</p>}
            </Section>
            <div className="stack">
                <Chart level={2} title={moved.length === 0 ? t('bench.rank.same') : t('bench.rank.moved', { n: moved.length })} about={t('bench.rank.about', { draws: bench.draws })} foot={<RankingKey />}>
                    {asked.error ? <ErrorNote error={asked.error} onRetry={() => void asked.refetch()} /> : lines.length === 0 ? <Skeleton height={420} /> : <Ranking lines={lines} range={scoreRange(lines)} onOpen={id => go(threatPath(id), { hash: 'criteria' })} label={t('bench.weights.title')} />}
                </Chart>
                {moved.length > 0 && <Section level={3} title={t('bench.rank.moves')}><ul className="moves">{moved.slice(0, 10).map(each => <li key={each.threat}>{names.threat(each.threat, each.title)} <span className="moved-by note">{t('overview.moved.rank', { before: each.was, after: each.rank })}</span></li>)}</ul></Section>}
            </div>
        </div>
    );
}
