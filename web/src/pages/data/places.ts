// Names of countries in the languages of the region, so that a file's own words need not be translated by hand. What is
// found is shown in the mapping before anything is read under it; what is not found stays to be said.
import type { Mapping, Rule } from './mapping';

const kLanguages = ['en', 'sr-Cyrl', 'sr-Latn', 'bs', 'hr', 'mk', 'bg', 'sq', 'ro', 'el', 'tr', 'sl', 'hu', 'de'];
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

let known: Map<string, string> | null = null;
function names(countries: { id: string; name?: string }[]): Map<string, string> {
    if (known) return known;
    known = new Map();
    for (const language of kLanguages) {
        const of = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
        for (const each of countries) {
            const name = /^[A-Z]{2}$/.test(each.id) ? of.of(each.id) : undefined;
            if (name) known.set(plain(name), each.id);
        }
    }
    for (const each of countries) if (each.name) known.set(plain(each.name), each.id);
    return known;
}

// The mapping with those words of the place column that name a country; codes need no translation, words already said stay.
export function withCountries(mapping: Mapping, upload: { headings: string[]; sample: string[][] }, countries: { id: string; name?: string }[]): Mapping {
    const rule = mapping.columns?.['place'];
    if (typeof rule !== 'object' || !rule.column || countries.length === 0) return mapping;
    const at = upload.headings.indexOf(rule.column), words = new Set(upload.sample.map(row => row[at]?.trim() ?? '').filter(Boolean)), all = names(countries), table: Record<string, string> = { ...rule.table };
    for (const word of words) {
        const code = all.get(plain(word));
        if (code && !(word in table) && word !== code) table[word] = code;
    }
    return Object.keys(table).length === 0 ? mapping : { ...mapping, columns: { ...mapping.columns, place: { ...rule, table } as Rule } };
}
