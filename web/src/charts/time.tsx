// Figures over time: gaps stay gaps, uncertainty is a band or a whisker, the future a fan. Arrow keys and the pointer
// move a cursor whose value is read out.
import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { FanPoint, SeriesPoint, SignalPoint } from '@/api/types';
import { useText } from '@/i18n';
import { useWidth } from './frame';
import { clamp, known, labelled, niceTop, quantile } from './scale';

export interface TimePoint { period: string; value?: number | null; low?: number | null; high?: number | null; expected?: number | null; fan?: FanPoint; mark?: boolean; quiet?: boolean }
interface Props { points: TimePoint[]; label: string; height?: number; from?: string; to?: string; unit?: string; dots?: boolean; band?: boolean }

const path = (items: { x: number; y: number }[]) => items.map((p, i) => (i ? 'L' : 'M') + p.x.toFixed(1) + ' ' + p.y.toFixed(1)).join('');

export function TimeChart({ points, label, height = 148, from, to, unit, dots, band }: Props) {
    const { t, number, compact, period } = useText(), [ref, width] = useWidth(), [at, setAt] = useState<number | null>(null), clip = useId();
    const n = points.length, tops = points.map(p => (p.fan ? quantile(p.fan.quantiles, 0.975) : Math.max(p.value ?? 0, known(p.high) ? p.high : 0, p.expected ?? 0)));
    const seen = Math.max(0, ...points.map(p => p.value ?? 0));
    // A far end must not flatten the rest.
    const most = niceTop(Math.max(seen, ...points.map((p, i) => (p.fan ? Math.min(tops[i]!, 2.5 * Math.max(seen, quantile(p.fan.quantiles, 0.5))) : Math.min(tops[i]!, seen * 3 || tops[i]!)))));
    const ticks = [0, most / 2, most], marks = ticks.map(v => (most >= 10_000 ? compact(v) : number(v)));
    const left = Math.max(...marks.map(m => m.length)) * 6.4 + 10, right = width - 14, top = 8, bottom = height - 22;
    const x = (i: number) => (n < 2 ? (left + right) / 2 : left + ((right - left) * i) / (n - 1)), y = (v: number) => bottom - (bottom - top) * clamp(v / most, 0, 1);
    const place = (i: number, v: number) => ({ x: x(i), y: y(v) });

    const runs: { x: number; y: number }[][] = [];
    let run: { x: number; y: number }[] | null = null;
    points.forEach((p, i) => {
        if (!known(p.value)) run = null;
        else { if (!run) runs.push((run = [])); run.push(place(i, p.value)); }
    });
    const first = points.findIndex(p => p.fan), last = first > 0 ? points.slice(0, first).findLast(p => known(p.value))?.value : undefined;
    const fanned = first >= 0 ? points.slice(first).map((p, k) => ({ i: first + k, q: p.fan!.quantiles })) : [];
    const area = (low: number, high: number) => path([...(known(last) ? [place(first - 1, last)] : []), ...fanned.map(f => place(f.i, quantile(f.q, high))), ...fanned.toReversed().map(f => place(f.i, quantile(f.q, low)))]) + 'Z';
    const expected = points.flatMap((p, i) => (known(p.expected) ? [{ i, e: p.expected, h: known(p.high) ? p.high : p.expected }] : []));
    const banded = band ? points.flatMap((p, i) => (known(p.low) && known(p.high) && !p.fan ? [{ i, l: p.low, h: p.high }] : [])) : [];
    const a = from ? points.findIndex(p => p.period === from) : -1, b = to ? points.findIndex(p => p.period === to) : -1;
    const showDots = dots ?? n <= 30;
    const told = (i: number) => {
        const p = points[i]!;
        const range = p.fan ? t('chart.range', { low: number(quantile(p.fan.quantiles, 0.1)), high: number(quantile(p.fan.quantiles, 0.9)) }) : known(p.expected) ? t('chart.expected', { expected: number(p.expected), high: number(p.high) }) : known(p.low) && known(p.high) && p.high > p.low ? t('chart.between', { low: number(p.low), high: number(p.high) }) : '';
        const value = p.fan ? t('chart.forecast', { value: number(quantile(p.fan.quantiles, 0.5)) }) : known(p.value) ? number(p.value) + (unit ? ' ' + unit : '') : t('chart.missing');
        return `${period(p.period)}: ${value}${range ? ', ' + range : ''}`;
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const now = at ?? n - 1, next = { ArrowRight: now + 1, ArrowLeft: now - 1, ArrowUp: now + 1, ArrowDown: now - 1, Home: 0, End: n - 1 }[event.key];
        if (event.key === 'Escape') setAt(null);
        if (next === undefined) return;
        event.preventDefault();
        setAt(clamp(next, 0, n - 1));
    };
    const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
        const box = event.currentTarget.getBoundingClientRect();
        setAt(clamp(Math.round((((event.clientX - box.left) * width) / box.width - left) / ((right - left) / Math.max(1, n - 1))), 0, n - 1));
    };
    const cursor = at !== null ? points[at] : undefined, cursorValue = cursor ? (cursor.fan ? quantile(cursor.fan.quantiles, 0.5) : cursor.value) : undefined;
    return (
        <div className="time" ref={ref} role="slider" tabIndex={0} aria-label={label} aria-valuemin={0} aria-valuemax={Math.max(0, n - 1)} aria-valuenow={at ?? n - 1} aria-valuetext={n > 0 ? told(at ?? n - 1) : t('empty.nothing')} onKeyDown={onKeyDown} onPointerMove={onPointerMove} onPointerLeave={() => setAt(null)} onBlur={() => setAt(null)}>
            <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" className="drawing">
                <clipPath id={clip}><rect x={left - 6} y={0} width={Math.max(0, right - left + 14)} height={bottom + 1} /></clipPath>
                {a >= 0 && b > a && a > 0 && <rect x={x(a) - 4} y={top - 4} width={x(b) - x(a) + 8} height={bottom - top + 4} rx="3" fill="var(--ground)" />}
                {ticks.map((v, i) => <g key={i}><line x1={left} x2={right} y1={y(v)} y2={y(v)} stroke="var(--rule)" /><text x={left - 7} y={y(v) + 4} textAnchor="end" className="tick">{marks[i]}</text></g>)}
                <g clipPath={`url(#${clip})`}>
                    {expected.length > 1 && <path d={path([...expected.map(e => place(e.i, e.h)), ...expected.toReversed().map(e => place(e.i, 0))]) + 'Z'} fill="var(--sunken)" />}
                    {expected.length > 1 && <path d={path(expected.map(e => place(e.i, e.e)))} fill="none" stroke="var(--faint)" strokeWidth="1.2" strokeDasharray="2 3" />}
                    {fanned.length > 0 && <><path d={area(0.025, 0.975)} fill="var(--fan-95)" /><path d={area(0.1, 0.9)} fill="var(--fan-80)" /><path d={area(0.25, 0.75)} fill="var(--fan-50)" /></>}
                    {banded.length > 1 && <path d={path([...banded.map(e => place(e.i, e.h)), ...banded.toReversed().map(e => place(e.i, e.l))]) + 'Z'} fill="var(--band)" fillOpacity=".5" />}
                    {!band && points.map((p, i) => known(p.low) && known(p.high) && !known(p.expected) && p.high > p.low && <line key={i} x1={x(i)} x2={x(i)} y1={y(p.low)} y2={y(p.high)} stroke="var(--band)" strokeWidth="4" />)}
                    {runs.map((each, i) => <path key={i} d={path(each)} fill="none" stroke="var(--accent)" strokeWidth="1.8" strokeLinejoin="round" />)}
                    {fanned.length > 0 && <path d={path([...(known(last) ? [place(first - 1, last)] : []), ...fanned.map(f => place(f.i, quantile(f.q, 0.5)))])} fill="none" stroke="var(--accent)" strokeWidth="1.8" strokeDasharray="4 3" />}
                    {showDots && points.map((p, i) => known(p.value) && !p.mark && <circle key={i} cx={x(i)} cy={y(p.value)} r="2.3" fill="var(--accent)" />)}
                    {points.map((p, i) => p.mark && known(p.value) && <path key={i} d={`M${x(i)} ${y(p.value) - 6}l6 6-6 6-6-6z`} fill="var(--rising)" stroke="var(--paper)" strokeWidth="1.2" />)}
                </g>
                {labelled(n, Math.max(2, Math.floor((right - left) / 74))).map(i => <text key={i} x={clamp(x(i), left + 10, right - 4)} y={height - 5} textAnchor={x(i) > right - 24 ? 'end' : 'middle'} className="tick">{period(points[i]!.period.slice(0, 7))}</text>)}
                {at !== null && <g><line x1={x(at)} x2={x(at)} y1={top} y2={bottom} stroke="var(--line)" />{known(cursorValue) && <circle cx={x(at)} cy={y(cursorValue)} r="4.5" fill="var(--accent)" stroke="var(--paper)" strokeWidth="2" />}</g>}
            </svg>
            {at !== null && <div className="readout" style={{ left: `${clamp((x(at) / width) * 100, 18, 82)}%` }} aria-hidden="true">{told(at)}</div>}
        </div>
    );
}

export const fromSeries = (series: SeriesPoint[]): TimePoint[] => series.map(p => ({ period: p.period, value: p.value, low: p.low, high: p.high }));
export const fromFan = (history: SeriesPoint[], fan: FanPoint[], past = 36): TimePoint[] => [...fromSeries(history.slice(-past)), ...fan.map(f => ({ period: f.period, fan: f }))];
export const fromSignal = (points: SignalPoint[], at: string, past = 60): TimePoint[] => points.slice(-past).map(p => ({ period: p.period, value: p.known ? p.value : null, expected: p.expected, high: p.high, mark: p.period === at }));
