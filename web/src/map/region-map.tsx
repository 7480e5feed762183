// The region as a map: a value in five classes, 'no data' and 'not a member' told apart, flows, routes, places, and a
// slider when there are several periods. Regions are reached with Tab and the arrow keys.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { queries, useRegion } from '@/api/queries';
import { classes, classOf } from '@/charts/scale';
import { useWidth } from '@/charts/frame';
import { useText } from '@/i18n';
import { Button, ErrorNote, Skeleton } from '@/ui';
import { arc, labelPlace, leaves, middleOf, outline, project, way, windRight, type Point } from './geometry';
import '@/styles/map.css';

export interface Flow { from: string; to: string; weight: number; title: string }
export interface Route { id: string; title: string; path: string[]; active?: boolean }
export interface Place { id: string; title: string; longitude: number; latitude: number; weight?: number; label?: string }
export interface MapFrame { period: string; values: Record<string, number> }
export interface RegionMapProps {
    label: string;
    values?: Record<string, number>;              // by country code
    frames?: MapFrame[];                          // several periods: shows the slider; used instead of values
    unit?: string; format?: (value: number) => string;
    breaks?: number[];                            // between the classes; without it round ones are found over all periods
    flows?: Flow[]; routes?: Route[]; places?: Place[];
    selected?: string; onSelect?: (country: string) => void;
    height?: number; legend?: boolean; note?: boolean;
}

const kBelow = 20;   // routes run below the names they pass

// Where a route's number stands: on its last leg that is well within the frame.
function numberPlace(points: Point[], width: number, height: number): Point | null {
    for (let i = points.length - 1; i > 0; --i) {
        const [a, b] = [points[i - 1]!, points[i]!], middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
        if (middle[0] > 12 && middle[0] < width - 12 && middle[1] > 12 && middle[1] < height - 12) return middle;
    }
    return null;
}

export default function RegionMap({ label, values, frames, unit, format, breaks, flows = [], routes = [], places = [], selected, onSelect, height: wanted, legend = true, note = true }: RegionMapProps) {
    const text = useText(), { t, number, period, country } = text, region = useRegion(), asked = useQuery(queries.map());
    const [ref, width] = useWidth(560), height = Math.round(wanted ?? Math.min(680, Math.max(260, width * 0.8))), id = useId();
    const [at, setAt] = useState(frames ? frames.length - 1 : 0), [playing, setPlaying] = useState(false), [over, setOver] = useState<string | null>(null), [roving, setRoving] = useState<string | null>(null);
    const svg = useRef<SVGSVGElement>(null), show = format ?? ((v: number) => number(v));
    const now = frames ? (frames[Math.min(at, frames.length - 1)]?.values ?? {}) : (values ?? {});
    const all = useMemo(() => (frames ? frames.flatMap(f => Object.values(f.values)) : Object.values(values ?? {})), [frames, values]);
    const limits = useMemo(() => breaks ?? classes(all), [breaks, all]);
    useEffect(() => {
        if (!playing || !frames) return;
        const timer = setInterval(() => setAt(old => { if (old >= frames.length - 1) { setPlaying(false); return old; } return old + 1; }), 900);
        return () => clearInterval(timer);
    }, [playing, frames]);

    const drawn = useMemo(() => {
        if (!asked.data) return null;
        const projection = project(width, height), line = outline(projection, width, height), countries = windRight(asked.data);
        const middles = new Map<string, Point>(), rooms = new Map<string, number>();
        for (const each of countries) {
            const place = labelPlace(each, projection, width, height);
            if (place) { middles.set(each.properties.id, [place.x, place.y]); rooms.set(each.properties.id, place.room); }
        }
        return { projection, countries: countries.map(each => ({ ...each.properties, d: line(each) ?? '' })), middles, rooms };
    }, [asked.data, width, height]);

    if (asked.error) return <ErrorNote error={asked.error} onRetry={() => void asked.refetch()} />;
    if (!drawn) return <div ref={ref}><Skeleton height={height} /></div>;
    const nameOf = (code: string, otherwise: string) => country(code, region?.countries.find(c => c.id === code)?.name ?? otherwise);
    const isMember = new Set(drawn.countries.filter(c => c.member).map(c => c.id));
    const reachable = drawn.countries.filter(c => c.member || now[c.id] !== undefined).sort((a, b) => (drawn.middles.get(a.id)?.[0] ?? 0) - (drawn.middles.get(b.id)?.[0] ?? 0));
    const numbers = routes.map((r, n) => ({ n: n + 1, id: r.id, at: numberPlace(r.path.map(code => middleOf(code, drawn.middles, drawn.projection)).filter((p): p is Point => p !== null).map(([x, y]): Point => [x + (n % 3) * 5 - 5, y + kBelow]), width, height) }));
    const first = roving && reachable.some(c => c.id === roving) ? roving : (selected ?? reachable[0]?.id);
    const onKeyDown = (event: KeyboardEvent, code: string) => {
        const turn = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] as Point | undefined;
        if ((event.key === 'Enter' || event.key === ' ') && onSelect) {
            event.preventDefault();
            onSelect(code);
        } else if (turn) {
            event.preventDefault();
            // The nearest in that direction.
            const [x, y] = drawn.middles.get(code) ?? [0, 0];
            let best = '', least = Infinity;
            for (const each of reachable) {
                const [u, v] = drawn.middles.get(each.id) ?? [NaN, NaN], along = (u - x) * turn[0] + (v - y) * turn[1], across = Math.abs((u - x) * turn[1] - (v - y) * turn[0]);
                if (each.id !== code && along > 4 && along + 2 * across < least) { least = along + 2 * across; best = each.id; }
            }
            if (best) { setRoving(best); svg.current?.querySelector<SVGElement>(`[data-country="${best}"]`)?.focus(); }
        }
    };
    const fill = (c: { id: string; member: boolean }) => (now[c.id] !== undefined ? `var(--map-${Math.min(5, (limits.length < 4 ? Math.round((classOf(now[c.id]!, limits) * 4) / Math.max(1, limits.length)) : classOf(now[c.id]!, limits)) + 1)})` : c.member ? `url(#${id}-none)` : 'var(--land)');
    const shade = (c: { id: string }) => (now[c.id] === undefined ? -1 : limits.length < 4 ? Math.round((classOf(now[c.id]!, limits) * 4) / Math.max(1, limits.length)) : classOf(now[c.id]!, limits));
    const told = (c: { id: string; name: string; member: boolean }) => `${nameOf(c.id, c.name)}: ${now[c.id] !== undefined ? show(now[c.id]!) + (unit ? ' ' + unit : '') : c.member ? t('map.no_data') : t('map.not_member')}`;

    // Labels by room, the roomiest first; one that would touch another is shortened, then left out (it is in the tip).
    const boxes: [number, number, number, number][] = [], labels: { id: string; x: number; y: number; name: string; value: string; dark: boolean; quiet: boolean }[] = [];
    for (const c of [...drawn.countries].sort((a, b) => (now[b.id] !== undefined ? 1 : 0) - (now[a.id] !== undefined ? 1 : 0) || (drawn.rooms.get(b.id) ?? 0) - (drawn.rooms.get(a.id) ?? 0))) {
        const middle = drawn.middles.get(c.id), space = drawn.rooms.get(c.id) ?? 0;
        if (!middle || (space < 7 && now[c.id] === undefined && !c.member) || (!c.member && now[c.id] === undefined && space < 11)) continue;
        const full = nameOf(c.id, c.name), value = now[c.id] !== undefined ? show(now[c.id]!) : '';
        for (const name of [full, c.id === 'XK' ? 'XK*' : c.id]) {
            const wide = Math.max(name.length * 6.6, value.length * 6.4), high = value ? 26 : 13;
            if (name === full && full.length > 2 && wide > space * 2.5) continue;
            const box: [number, number, number, number] = [middle[0] - wide / 2 - 2, middle[1] - high / 2, middle[0] + wide / 2 + 2, middle[1] + high / 2];
            if (box[0] < 0 || box[2] > width || boxes.some(o => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1])) continue;
            boxes.push(box);
            labels.push({ id: c.id, x: middle[0], y: middle[1], name, value, dark: shade(c) >= 3, quiet: !c.member && now[c.id] === undefined });
            break;
        }
    }
    // Flows: the heaviest last, over the others; an end beyond the frame is named where the line leaves it.
    const heaviest = Math.max(...flows.map(f => f.weight), 1e-9), ends: { id: string; x: number; y: number; name: string; from: boolean }[] = [];
    const lines = [...flows].sort((a, b) => b.weight - a.weight).flatMap(f => {
        const a = middleOf(f.from, drawn.middles, drawn.projection), b = middleOf(f.to, drawn.middles, drawn.projection);
        if (!a || !b || (!drawn.middles.has(f.from) && !drawn.middles.has(f.to))) return [];
        const from = drawn.middles.has(f.from) ? a : leaves(b, a, width, height), to = drawn.middles.has(f.to) ? b : leaves(a, b, width, height);
        for (const [code, end] of [[f.from, from], [f.to, to]] as const) {
            if (drawn.middles.has(code)) continue;
            const name = nameOf(code, code), wide = name.length * 6.2, left = end[0] < width / 2, top = end[1] < 40, bottom = end[1] > height - 40, x = left ? Math.max(4, top || bottom ? end[0] - wide / 2 : 4) : Math.min(width - 4 - wide, top || bottom ? end[0] - wide / 2 : width), y = bottom ? height - 7 : top ? 14 : end[1] - 8;
            const box: [number, number, number, number] = [x - 3, y - 12, x + wide + 3, y + 4];
            if (ends.some(e => e.id === code) || boxes.some(o => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1])) continue;
            boxes.push(box);
            ends.push({ id: code, x, y, name, from: code === f.from });
        }
        return [{ ...f, d: arc(from, to), wide: 1.2 + 5 * Math.sqrt(f.weight / heaviest) }];
    }).reverse();
    const biggest = Math.max(...places.map(p => p.weight ?? 1), 1e-9);
    const spots = [...places].sort((a, b) => (b.weight ?? 1) - (a.weight ?? 1)).flatMap(p => {
        const at = drawn.projection([p.longitude, p.latitude]), r = 3 + 11 * Math.sqrt((p.weight ?? 1) / biggest);
        if (!at || at[0] < 0 || at[0] > width || at[1] < 0 || at[1] > height) return [];
        const box: [number, number, number, number] = [at[0] + r, at[1] - 8, at[0] + r + 5 + (p.label ?? '').length * 6.2, at[1] + 7], fits = !!p.label && box[2] < width && !boxes.some(o => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1]);
        if (fits) boxes.push(box);
        return [{ ...p, x: at[0], y: at[1], r, label: fits ? p.label : undefined }];
    });
    const hovered = over ? drawn.countries.find(c => c.id === over) : undefined, tip = hovered && drawn.middles.get(hovered.id);
    const ranges = limits.length > 0 ? [...limits.map((b, i) => [i, i ? limits[i - 1] : undefined, b] as const), [limits.length, limits.at(-1), undefined] as const] : [];
    return (
        <div className="map" ref={ref}>
            {frames && frames.length > 1 && (
                <div className="map-time no-print">
                    <Button small icon={playing ? 'pause' : 'play'} aria-label={t(playing ? 'map.pause' : 'map.play')} onPress={() => { if (!playing && at >= frames.length - 1) setAt(0); setPlaying(!playing); }} />
                    <input type="range" min={0} max={frames.length - 1} value={at} onChange={event => { setPlaying(false); setAt(Number(event.target.value)); }} aria-label={t('map.period')} aria-valuetext={period(frames[at]?.period ?? '')} />
                    <output>{period(frames[at]?.period ?? '')}</output>
                </div>
            )}
            <div className="map-frame">
                <svg ref={svg} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label} className="drawing">
                    <defs>
                        <pattern id={`${id}-none`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--imputed-ground)" /><line x1="0" y1="0" x2="0" y2="6" stroke="var(--imputed-line)" strokeWidth="1.6" /></pattern>
                        <marker id={`${id}-tip`} viewBox="0 0 8 8" refX="6" refY="4" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="var(--flow)" /></marker>
                        <clipPath id={`${id}-clip`}><rect width={width} height={height} rx="8" /></clipPath>
                    </defs>
                    <g clipPath={`url(#${id}-clip)`}>
                        <rect width={width} height={height} fill="var(--sea)" />
                        {drawn.countries.map(c => {
                            const live = c.member || now[c.id] !== undefined;
                            return <path key={c.id} d={c.d} data-country={c.id} fill={fill(c)} stroke="var(--coast)" strokeWidth="1" strokeLinejoin="round" className={live ? 'country live' : 'country'} {...(live ? { tabIndex: c.id === first ? 0 : -1, role: onSelect ? 'button' : 'img', 'aria-label': told(c), 'aria-pressed': onSelect ? selected === c.id : undefined, onKeyDown: (event: KeyboardEvent) => onKeyDown(event, c.id), onFocus: () => { setRoving(c.id); setOver(c.id); }, onBlur: () => setOver(null), onClick: () => onSelect?.(c.id) } : { 'aria-hidden': true })} onPointerEnter={() => setOver(c.id)} onPointerLeave={() => setOver(null)} />;
                        })}
                        {[over, selected].map((code, i) => { const c = code && drawn.countries.find(each => each.id === code); return c ? <path key={i} d={c.d} fill="none" stroke="var(--ink)" strokeWidth={i ? 2.2 : 1.6} pointerEvents="none" aria-hidden="true" /> : null; })}
                        <g aria-hidden="true" pointerEvents="none">
                            {routes.map((r, n) => { const points = r.path.map(code => middleOf(code, drawn.middles, drawn.projection)).filter((p): p is Point => p !== null).map(([x, y]): Point => [x + (n % 3) * 5 - 5, y + kBelow]); return points.length > 1 ? <path key={r.id} d={way(points)} fill="none" stroke="var(--flow)" strokeWidth={r.active ? 3.5 : 2.2} strokeOpacity={r.active === false ? 0.35 : 0.85} strokeLinecap="round" markerEnd={`url(#${id}-tip)`} /> : null; })}
                            {lines.map(f => <path key={f.from + f.to} d={f.d} fill="none" stroke="var(--flow)" strokeWidth={f.wide} strokeOpacity=".72" strokeLinecap="round" markerEnd={`url(#${id}-tip)`}><title>{f.title}</title></path>)}
                            {labels.map(l => <g key={l.id} className={'map-label' + (l.dark ? ' inverse' : '') + (l.quiet ? ' quiet' : '')}><text x={l.x} y={l.y + (l.value ? -2 : 4)} textAnchor="middle" className="name">{l.name}</text>{l.value && <text x={l.x} y={l.y + 12} textAnchor="middle">{l.value}</text>}</g>)}
                        </g>
                        <g aria-hidden="true" pointerEvents="none">{routes.length > 1 && numbers.map(r => r.at && <g key={r.id} className="map-number"><circle cx={r.at[0]} cy={r.at[1]} r="8" /><text x={r.at[0]} y={r.at[1] + 4} textAnchor="middle">{r.n}</text></g>)}</g>
                        {spots.map(p => <circle key={p.id} cx={p.x} cy={p.y} r={p.r} fill="var(--flow)" fillOpacity=".7" stroke="var(--paper)" strokeWidth="1.2"><title>{p.title}</title></circle>)}
                        <g aria-hidden="true" pointerEvents="none" className="map-label quiet">{ends.map(e => <text key={e.id} x={e.x} y={e.y}>{e.name}</text>)}{spots.map(p => p.label && <text key={p.id} x={p.x + p.r + 3} y={p.y + 4}>{p.label}</text>)}</g>
                    </g>
                </svg>
                {hovered && tip && <div className="readout map-tip" style={{ left: `${Math.min(84, Math.max(16, (tip[0] / width) * 100))}%`, top: `${(tip[1] / height) * 100}%` }} aria-hidden="true">{told(hovered)}</div>}
            </div>
            {legend && (
                <div className="map-legend">
                    {ranges.map(([i, low, high]) => <span key={i}><i style={{ background: `var(--map-${Math.min(5, (limits.length < 4 ? Math.round((i * 4) / Math.max(1, limits.length)) : i) + 1)})` }} />{low === undefined ? t('map.below', { high: show(high!) }) : high === undefined ? t('map.above', { low: show(low) }) : `${show(low)}–${show(high)}`}</span>)}
                    {reachable.some(c => now[c.id] === undefined && isMember.has(c.id)) && <span><svg width="16" height="12" aria-hidden="true"><rect width="16" height="12" fill={`url(#${id}-none)`} /></svg>{t('map.no_data')}</span>}
                    <span><i style={{ background: 'var(--land)', outline: '1px solid var(--rule)', outlineOffset: -1 }} />{t('map.not_member')}</span>
                    {unit && <span className="muted">{unit}</span>}
                </div>
            )}
            {note && <p className="note">{t('map.note')}</p>}
        </div>
    );
}
