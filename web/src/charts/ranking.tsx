// The signature chart: rank, median on its interval, tie bands as quiet ground, chance of the top five, what it rests
// on, trend. A table for the keyboard and for screen readers; the marks stand in its cells. A line opens, as its
// title does, with what puts the threat there.
import type { MouseEvent, ReactNode } from 'react';
import type { ThreatResult } from '@/api/types';
import { useText } from '@/i18n';
import { TrendSign, trendKey } from '@/ui/badge';
import { RestsOn, Share } from './bars';

export interface RankLine { id: string; title: ReactNode; rank: number; band: number; low: number; value: number; high: number; p_top5?: number; measured?: number; judged?: number; trend?: string; moved?: number; before?: number }

export const rankLine = (each: ThreatResult, title: ReactNode): RankLine => ({ id: each.threat, title, rank: each.rank, band: each.band, low: each.score.q05, value: each.score.q50, high: each.score.q95, p_top5: each.p_top5, measured: each.measured, judged: each.judged, trend: each.trend.word, before: each.previous_rank });

export function scoreRange(lines: { low: number; high: number }[]): [number, number] {
    const low = Math.min(...lines.map(l => l.low)), high = Math.max(...lines.map(l => l.high));
    return [Math.max(0, Math.floor(low / 10) * 10), Math.min(100, Math.ceil(high / 10) * 10)];
}

export function Ranking({ lines, label, range, compact, onOpen }: { lines: RankLine[]; label: string; range?: [number, number]; compact?: boolean; onOpen?: (id: string) => void }) {
    const { t, number, percent } = useText(), [from, to] = range ?? scoreRange(lines);
    const x = (v: number) => ((v - from) / (to - from)) * 100, step = to - from > 50 ? 20 : 10;
    const ticks = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
    const runs: RankLine[][] = [];
    for (const each of lines) if (runs.at(-1)?.[0]?.band === each.band) runs.at(-1)!.push(each); else runs.push([each]);
    const grid = ticks.map(v => <line key={v} x1={x(v)} x2={x(v)} y1="0" y2="30" stroke="var(--rule)" vectorEffect="non-scaling-stroke" />);
    return (
        <table className={compact ? 'ranking compact' : 'ranking'} aria-label={label}>
            <thead>
                <tr><th scope="col" className="rank"><span className="hidden">{t('rank.rank')}</span></th><th scope="col">{t('rank.threat')}</th><th scope="col" className="score">{t('rank.score')}</th><th scope="col" className="top5">{t('rank.top_five')}</th>{!compact && <th scope="col" className="rests-on">{t('rank.rests_on')}</th>}<th scope="col" className="trend">{t('rank.trend')}</th></tr>
            </thead>
            {runs.map((run, r) => (
                <tbody key={r}>
                    {run.map(each => (
                        <tr key={each.id} {...(onOpen ? { className: 'opens', onClick: (event: MouseEvent) => { if (!(event.target as Element).closest('a, button')) onOpen(each.id); } } : {})}>
                            <td className="rank">{each.rank}</td>
                            <th scope="row">{each.title}</th>
                            <td className="score">
                                <div className="interval" title={`${number(each.value, 0)} (${number(each.low, 0)}–${number(each.high, 0)})`}>
                                    <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
                                        {grid}
                                        <line x1={x(each.low)} x2={x(each.high)} y1="15" y2="15" stroke="var(--band)" strokeWidth="10" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
                                        <line x1={x(each.value)} x2={x(each.value) + 0.01} y1="15" y2="15" stroke="var(--accent)" strokeWidth="10" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
                                    </svg>
                                    <span className="value" style={{ left: `calc(${x(each.high)}% + 10px)` }}>{number(each.value, 0)}<span className="hidden"> ({number(each.low, 0)}–{number(each.high, 0)})</span></span>
                                </div>
                            </td>
                            <td className="top5">{each.p_top5 !== undefined && <span className="with-share"><Share value={each.p_top5} /><span>{percent(each.p_top5)}</span></span>}</td>
                            {!compact && <td className="rests-on">{each.measured !== undefined && <RestsOn measured={each.measured} judged={each.judged ?? 0} width="100%" />}</td>}
                            <td className="trend"><span title={t(trendKey(each.trend ?? ''))}><TrendSign word={each.trend ?? ''} /><span className="hidden">{t(trendKey(each.trend ?? ''))}</span></span></td>
                        </tr>
                    ))}
                </tbody>
            ))}
            <tfoot aria-hidden="true"><tr><td /><td /><td className="score"><div className="interval axis">{ticks.map(v => <span key={v} style={{ left: `${x(v)}%` }}>{v}</span>)}</div></td><td className="top5" />{!compact && <td className="rests-on" />}<td /></tr></tfoot>
        </table>
    );
}

export function RankingKey() {
    const { t } = useText();
    return (
        <span className="key">
            <span><svg width="12" height="9"><rect width="12" height="9" fill="var(--measured-fill)" /></svg>{t('basis.measured.lower')}</span>
            <span><svg width="12" height="9"><rect width="12" height="9" fill="var(--judged-fill)" /></svg>{t('basis.judged.lower')}</span>
            <span><svg width="12" height="9"><defs><pattern id="key-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4" height="4" fill="var(--imputed-ground)" /><line x1="0" y1="0" x2="0" y2="4" stroke="var(--imputed-line)" strokeWidth="1.4" /></pattern></defs><rect width="12" height="9" fill="url(#key-hatch)" /></svg>{t('basis.imputed.lower')}</span>
            <span><TrendSign word="rising" />{t('trend.rising')}</span><span><TrendSign word="falling" />{t('trend.falling')}</span><span><TrendSign word="stable" />{t('trend.stable')}</span>
        </span>
    );
}
