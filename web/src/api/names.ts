// Names in the reader's language: translated where known, else as the catalogue has them.
import { useRegion } from './queries';
import { useText } from '@/i18n';

export function useNames() {
    const { known, country } = useText(), region = useRegion();
    const title = (list: { id: string; title: string }[] | undefined, id: string) => list?.find(each => each.id === id)?.title ?? id;
    return {
        region,
        threat: (id: string, otherwise?: string) => known('threat', id, otherwise ?? title(region?.threats, id)),
        area: (id: string) => known('area', id, title(region?.areas, id)),
        lens: (id: string) => known('lens', id, title(region?.lenses, id)),
        lensQuestion: (id: string) => known('lens_question', id, region?.lenses.find(each => each.id === id)?.question ?? ''),
        criterion: (id: string) => known('criterion', id, title(region?.criteria, id)),
        member: (id: string) => known('member', id, region?.members.find(each => each.id === id)?.name ?? id),
        route: (id: string) => known('route', id, title(region?.routes, id)),
        code: (id: string) => known('code', id, title(region?.codes, id)),
        indicator: (id: string) => known('indicator', id, title(region?.indicators, id)),
        // A measured one has its indicator's title, and what was made of the reported figure; a judged one is a quotation.
        figure: (of: { indicator: string; title: string }) => {
            const own = known('indicator', of.indicator, ''), made = /; (estimated(?: part of this threat)?(?: with the dark figure)?)$/.exec(of.title)?.[1];
            return own === '' ? of.title : made ? `${own}; ${known('made', made.replaceAll(' ', '_'), made)}` : own;
        },
        value: (id: string) => { const own = known('dim_value', id, ''); return own && own.charAt(0).toLocaleUpperCase() + own.slice(1); },
        source: (id: string) => known('source', id, title(region?.sources, id)),
        unit: (id: string) => (id === 'per_100k' || id === 'count_per_100k' ? known('unit', 'per_100k', 'per 100,000') : id === '%/year' ? known('unit', 'percent_year', '% a year') : id === '%' ? '%' : id === 'count' ? '' : known('unit_of', id, title(region?.units, id).replaceAll('_', ' '))),
        place: (code: string) => (code ? country(code, region?.countries.find(each => each.id === code)?.name) : known('place', 'region', 'the region')),
    };
}

export const kCountryOf = (region: ReturnType<typeof useRegion>, member: string) => region?.members.find(each => each.id === member)?.country;
