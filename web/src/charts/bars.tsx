// Lines of a list with a mark each: bars with whiskers, medians on intervals. They are a table for whoever cannot see them.
import { useId, type ReactNode } from 'react';
import { useText } from '@/i18n';
import { Hatch } from './frame';
import { clamp, known, niceTop } from './scale';

export interface BarLine { id: string; label: ReactNode; value: number; low?: number; high?: number; text?: ReactNode; quiet?: boolean; tick?: number | null; basis?: string; note?: string }

function scaleOf(lines: BarLine[], top?: number) {
    let low = 0, high = top ?? 0;
    for (const each of lines) {
        // One wide interval must not flatten the rest: the scale ends at twice the values, and the line runs on.
        if (top === undefined) high = Math.max(high, Math.min(known(each.high) ? each.high : each.value, Math.max(2 * each.value, 0)), each.value);
        low = Math.min(low, Math.max(known(each.low) ? each.low : each.value, Math.min(2 * each.value, 0)));
    }
    if (high <= low) high = low + 1;
    if (top === undefined) high = high > 0 ? niceTop(high) : 0;
    low = low < 0 ? -niceTop(-low) : 0;
    return (v: number) => clamp((v - low) / (high - low), 0, 1) * 100;
}

export function Bars({ label, lines, top, kind = 'bar', wide, digits }: { label: string; lines: BarLine[]; top?: number; kind?: 'bar' | 'dot'; wide?: boolean; digits?: number }) {
    const { number } = useText(), x = scaleOf(lines, top), hatch = useId();
    return (
        <table className={wide ? 'bars wide' : 'bars'} aria-label={label}>
            <tbody>
                {lines.map(each => {
                    const low = x(each.low ?? each.value), high = x(each.high ?? each.value), value = x(each.value), zero = x(0);
                    return (
                        <tr key={each.id} className={each.quiet ? 'quiet' : undefined}>
                            <th scope="row">{each.label}</th>
                            <td className="mark">
                                <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
                                    <Hatch id={hatch} />
                                    {kind === 'bar' ? (
                                        <>
                                            <rect x={Math.min(zero, value)} y="2.5" width={Math.max(0.6, Math.abs(value - zero))} height="11" fill={each.basis === 'imputed' ? `url(#${hatch})` : each.basis === 'judged' ? 'var(--judged-fill)' : 'var(--bar)'} />
                                            {high > low && <line x1={low} x2={high} y1="8" y2="8" stroke="var(--ink)" strokeWidth="1.3" vectorEffect="non-scaling-stroke" />}
                                        </>
                                    ) : (
                                        <>
                                            <line x1={zero} x2={zero} y1="0" y2="16" stroke="var(--rule)" vectorEffect="non-scaling-stroke" />
                                            {/* Round ends and dots of zero-length lines keep their shape while the drawing stretches. */}
                                            <line x1={low} x2={Math.max(low + 0.01, high)} y1="8" y2="8" stroke={each.quiet ? 'var(--rule)' : 'var(--band)'} strokeWidth="9" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
                                            {known(each.tick) && <line x1={x(each.tick)} x2={x(each.tick)} y1="2" y2="14" stroke="var(--ink)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />}
                                            <line x1={value} x2={value + 0.01} y1="8" y2="8" stroke={each.quiet ? 'var(--faint)' : each.basis === 'judged' ? 'var(--judged)' : 'var(--accent)'} strokeWidth="9" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
                                        </>
                                    )}
                                </svg>
                            </td>
                            <td className="num">{each.text ?? number(each.value)}{known(each.low) && known(each.high) && each.high > each.low && <span className="ends">{number(each.low, digits)}–{number(each.high, digits)}</span>}</td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}

// What a number rests on: measured, judged, not known. Shares of 1.
export function RestsOn({ measured, judged, height = 9, width = 96 }: { measured: number; judged: number; height?: number; width?: number | string }) {
    const { t, percent } = useText(), hatch = useId();
    return (
        <svg className="rests" style={{ width, height }} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" role="img" aria-label={`${percent(measured)} ${t('basis.measured.lower')}, ${percent(judged)} ${t('basis.judged.lower')}, ${percent(Math.max(0, 1 - measured - judged))} ${t('basis.imputed.lower')}`}>
            <Hatch id={hatch} />
            <rect width="100" height={height} fill={`url(#${hatch})`} />
            <rect width={100 * measured} height={height} fill="var(--measured-fill)" />
            <rect x={100 * measured} width={100 * judged} height={height} fill="var(--judged-fill)" />
        </svg>
    );
}

export function Share({ value, width = 48 }: { value: number; width?: number | string }) {
    return <svg className="share" style={{ width }} viewBox="0 0 100 9" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="9" fill="var(--track)" /><rect width={100 * clamp(value, 0, 1)} height="9" fill="var(--dark)" /></svg>;
}
