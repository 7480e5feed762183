// Projection and places for labels. Lambert conic conformal with standard parallels 38 and 48 degrees, as in the report.
import { geoConicConformal, geoPath, type GeoPermissibleObjects, type GeoProjection } from 'd3-geo';
import type { Feature, FeatureCollection, MultiPolygon, Position } from 'geojson';

export interface CountryProperties { id: string; name: string; member: boolean }
export type Country = Feature<MultiPolygon, CountryProperties>;
export type Point = [number, number];

// What is always in view: the members and a little around them.
const kFrame = { west: 13.4, east: 30.2, south: 38.9, north: 48.7 };
const kOutlined = { west: 11.2, east: 32 };   // beyond these the outlines end

export function project(width: number, height: number): GeoProjection {
    const corners: Point[] = [];
    for (let i = 0; i <= 8; ++i) {
        const lon = kFrame.west + ((kFrame.east - kFrame.west) * i) / 8, lat = kFrame.south + ((kFrame.north - kFrame.south) * i) / 8;
        corners.push([lon, kFrame.south], [lon, kFrame.north], [kFrame.west, lat], [kFrame.east, lat]);
    }
    const all = { type: 'MultiPoint', coordinates: corners } as GeoPermissibleObjects, projection = geoConicConformal().parallels([38, 48]).rotate([-22, 0]).fitExtent([[0, 0], [width, height]], all);
    // A very wide drawing is filled, at the cost of north and south, rather than show where the outlines end.
    const [west] = projection([kOutlined.west, 46]) as Point, [east] = projection([kOutlined.east, 46]) as Point, more = Math.max(1, width / (east - west), width / 2 / (width / 2 - west), width / 2 / (east - width / 2));
    const [x, y] = projection.translate();
    return more > 1 && Number.isFinite(more) && more < 3 ? projection.scale(projection.scale() * more).translate([width / 2 + (x - width / 2) * more, height / 2 + (y - height / 2) * more]) : projection;
}

// The rings of the file may wind either way; d3 wants the inside on a fixed side, or it fills the rest of the world.
export function windRight(collection: FeatureCollection): Country[] {
    const area = (ring: Position[]) => ring.reduce((sum, p, i) => { const q = ring[(i + 1) % ring.length]!; return sum + p[0]! * q[1]! - q[0]! * p[1]!; }, 0);
    return (collection.features as Country[]).filter(each => each.geometry?.type === 'MultiPolygon').map(each => ({
        ...each, geometry: { ...each.geometry, coordinates: each.geometry.coordinates.map(polygon => polygon.map((ring, i) => ((area(ring) < 0) === (i === 0) ? ring : [...ring].reverse()))) },
    }));
}

export function outline(projection: GeoProjection, width: number, height: number) {
    return geoPath(projection.clipExtent([[-60, -60], [width + 60, height + 60]]));
}

function inside(ring: Point[], x: number, y: number) {
    let is = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [a, b] = ring[i]!, [c, d] = ring[j]!;
        if (b > y !== d > y && x < ((c - a) * (y - b)) / (d - b) + a) is = !is;
    }
    return is;
}

function room(ring: Point[], x: number, y: number) {
    let least = Infinity;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ax, ay] = ring[j]!, [bx, by] = ring[i]!, dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy, t = length > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
        least = Math.min(least, Math.hypot((x - ax - t * dx) / 1.3, y - ay - t * dy));
    }
    return least;
}

// Where a label has most room within the largest part in the frame; null when the country is out of it. Room is in pixels.
export function labelPlace(country: Country, projection: GeoProjection, width: number, height: number): { x: number; y: number; room: number } | null {
    let best: { x: number; y: number; room: number } | null = null;
    for (const polygon of country.geometry.coordinates) {
        const ring = polygon[0]!.map(p => projection(p as Point) ?? [NaN, NaN]) as Point[];
        const xs = ring.map(p => p[0]), ys = ring.map(p => p[1]);
        const west = Math.max(10, Math.min(...xs)), east = Math.min(width - 10, Math.max(...xs)), north = Math.max(10, Math.min(...ys)), south = Math.min(height - 10, Math.max(...ys));
        if (!(east > west && south > north)) continue;
        for (let i = 0; i < 24; ++i)
            for (let j = 0; j < 24; ++j) {
                const x = west + ((east - west) * (i + 0.5)) / 24, y = north + ((south - north) * (j + 0.5)) / 24;
                if (!inside(ring, x, y)) continue;
                const r = Math.min(room(ring, x, y), x / 1.3, (width - x) / 1.3, y, height - y);
                if (!best || r > best.room) best = { x, y, room: r };
            }
    }
    return best;
}

// Middles of countries that routes name and the outlines do not hold.
const kFar: Record<string, Point> = { LY: [17.5, 29], MA: [-6, 32.5], ES: [-3.7, 40.3], SN: [-14.5, 14.5], SY: [38.5, 35], IR: [53, 32.5], IQ: [43.5, 33], AF: [66, 34], GE: [43.5, 42], RU: [40, 54], BY: [28, 53.5], NL: [5.5, 52.2], BE: [4.7, 50.7], FR: [2.5, 46.6], GB: [-1.5, 52.5], SE: [15, 60], EG: [30, 27], TN: [9.5, 34], DZ: [3, 30], CO: [-74, 4], EC: [-78, -1.5], PE: [-75, -10], BR: [-51, -10], CN: [104, 35], IN: [79, 22], PK: [69, 30], CY: [33.2, 35], MT: [14.4, 35.9], CH: [8.2, 46.8], PT: [-8, 39.6],
    KE: [38, 0], NG: [8, 9.5], ET: [39.5, 9], UG: [32.5, 1.3], TZ: [35, -6], ZA: [25, -29], GH: [-1, 8], AR: [-64, -34], DO: [-70.5, 19], VE: [-66, 7], BO: [-64, -17], PA: [-80, 8.5], CR: [-84, 10], MX: [-102, 23], US: [-98, 39], CA: [-100, 56], IL: [35, 31.5], LB: [35.8, 33.9], JO: [36.5, 31], AE: [54, 24], SA: [45, 24], TH: [101, 15], VN: [106, 16], AM: [45, 40.2], AZ: [47.5, 40.3], KZ: [67, 48], LT: [24, 55.3], LV: [25, 57], EE: [26, 58.7], FI: [26, 63], NO: [9, 61], DK: [9.5, 56], IE: [-8, 53], HK: [114, 22.3] };
export const middleOf = (code: string, places: Map<string, Point>, projection: GeoProjection): Point | null => places.get(code) ?? (kFar[code] ? (projection(kFar[code]) as Point | null) : null);

// Where the straight way from a to b leaves the frame; b itself when it does not.
export function leaves([ax, ay]: Point, [bx, by]: Point, width: number, height: number, inset = 22): Point {
    let t = 1;
    for (const [a, d, high] of [[ax, bx - ax, width - inset], [ay, by - ay, height - inset]] as const) {
        if (d > 0 && a + d > high) t = Math.min(t, (high - a) / d);
        if (d < 0 && a + d < inset) t = Math.min(t, (inset - a) / d);
    }
    return [ax + (bx - ax) * Math.max(0, t), ay + (by - ay) * Math.max(0, t)];
}

// A calm arc, bowed to the left of its way.
export function arc([ax, ay]: Point, [bx, by]: Point, bow = 0.16): string {
    const mx = (ax + bx) / 2 + (by - ay) * bow, my = (ay + by) / 2 - (bx - ax) * bow;
    return `M${ax.toFixed(1)} ${ay.toFixed(1)}Q${mx.toFixed(1)} ${my.toFixed(1)} ${bx.toFixed(1)} ${by.toFixed(1)}`;
}
// Through all points of a way.
export function way(points: Point[]): string {
    if (points.length < 3) return points.length === 2 ? arc(points[0]!, points[1]!) : '';
    let out = `M${points[0]![0].toFixed(1)} ${points[0]![1].toFixed(1)}`;
    for (let i = 0; i < points.length - 1; ++i) {
        const p0 = points[Math.max(0, i - 1)]!, p1 = points[i]!, p2 = points[i + 1]!, p3 = points[Math.min(points.length - 1, i + 2)]!;
        out += `C${(p1[0] + (p2[0] - p0[0]) / 6).toFixed(1)} ${(p1[1] + (p2[1] - p0[1]) / 6).toFixed(1)} ${(p2[0] - (p3[0] - p1[0]) / 6).toFixed(1)} ${(p2[1] - (p3[1] - p1[1]) / 6).toFixed(1)} ${p2[0].toFixed(1)} ${p2[1].toFixed(1)}`;
    }
    return out;
}
