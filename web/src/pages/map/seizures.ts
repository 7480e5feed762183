// Single seizures, as their source lists them: whence and whither they were said to go, and where they were found.
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Flow, Place } from '@/map';
import { placeNamed } from '@/map/gazetteer';

export interface Seizure { what: string; place: string; period: string; value: number; unit: string; dims: Record<string, string>; file: string; row: number; source: string; handling: string }
export interface Leg { id: string; from: string; to: string; seizures: Seizure[] }
export interface Spot { id: string; title: string; country: string; at: [number, number]; seizures: Seizure[] }

export const seizuresQuery = () => queryOptions({
    queryKey: ['seizures'], staleTime: 300_000,
    queryFn: async ({ signal }) => (await api.all<Seizure>('observations', { signal, query: { source: 'unodc_seizures', fields: 'what,place,period,value,unit,dims,file,row,source,handling' } })).items,
});

const isCountry = (code: string | undefined): code is string => /^[A-Z]{2}$/.test(code ?? '');

// From where it was said to come to where it was found, and on to where it was said to go.
export function legsOf(seizures: Seizure[]): Leg[] {
    const legs = new Map<string, Leg>();
    for (const each of seizures)
        for (const [from, to] of [[each.dims.departure, each.place], [each.place, each.dims.destination]])
            if (isCountry(from) && isCountry(to) && from !== to) {
                const id = `${from}-${to}`, leg = legs.get(id) ?? { id, from, to, seizures: [] };
                leg.seizures.push(each);
                legs.set(id, leg);
            }
    return [...legs.values()].sort((a, b) => b.seizures.length - a.seizures.length || a.id.localeCompare(b.id));
}

export function spotsOf(seizures: Seizure[]): Spot[] {
    const spots = new Map<string, Spot>();
    for (const each of seizures) {
        const place = placeNamed(each.dims.place_name ?? '');
        if (!place) continue;
        const spot = spots.get(place.title) ?? { id: place.title, title: place.title, country: each.place, at: place.at, seizures: [] };
        spot.seizures.push(each);
        spots.set(place.title, spot);
    }
    return [...spots.values()].sort((a, b) => b.seizures.length - a.seizures.length || a.id.localeCompare(b.id));
}

export const asFlows = (legs: Leg[], most: number, say: (leg: Leg) => string): Flow[] => legs.slice(0, most).map(each => ({ from: each.from, to: each.to, weight: each.seizures.length, title: say(each) }));
export const asPlaces = (spots: Spot[]): Place[] => spots.map(each => ({ id: each.id, title: `${each.title}: ${each.seizures.length}`, label: each.title, longitude: each.at[0], latitude: each.at[1], weight: each.seizures.length }));
