// Texts, numbers and dates in the reader's language.
//   const { t, number, percent, date } = useText();  t('overview.title')  t('rows', { n: 3 })
// A text is a string with {places}, or its plural forms {one, few, other} chosen by the parameter n.
// English comes with the page; Serbian is fetched when chosen. Serbian Latin is the Cyrillic transliterated.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { english, type Key, type Messages } from './en';
import { toLatin } from './transliterate';

export type { Key } from './en';
export const kLanguages = ['en', 'sr-Cyrl', 'sr-Latn'] as const;
export type Language = (typeof kLanguages)[number];
export type Values = Record<string, string | number>;
export const kLocale: Record<Language, string> = { en: 'en-GB', 'sr-Cyrl': 'sr-Cyrl-RS', 'sr-Latn': 'sr-Latn-RS' };

function latin(messages: Partial<Messages>): Partial<Messages> {
    const out: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(messages)) out[key] = typeof value === 'string' ? keepPlaces(value) : Object.fromEntries(Object.entries(value as object).map(([form, text]) => [form, keepPlaces(text as string)]));
    return out as Partial<Messages>;
}
const keepPlaces = (text: string) => text.split(/(\{\w+\})/).map(part => (part.startsWith('{') ? part : toLatin(part))).join('');

export function makeText(language: Language, messages: Partial<Messages>) {
    const locale = kLocale[language], plural = new Intl.PluralRules(locale), formats = new Map<string, Intl.NumberFormat>();
    const format = (options: Intl.NumberFormatOptions) => {
        const key = JSON.stringify(options);
        let made = formats.get(key);
        if (!made) formats.set(key, (made = new Intl.NumberFormat(locale, options)));
        return made;
    };
    // Three significant digits below a hundred, whole numbers above: one more digit than matters is one too many.
    const number = (value: number | null | undefined, digits?: number) => {
        if (value === null || value === undefined || !Number.isFinite(value)) return '–';
        if (digits !== undefined) return format({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
        const size = Math.abs(value);
        return format({ maximumFractionDigits: size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3 }).format(value);
    };
    const fill = (text: string, values?: Values) => (values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => { const v = values[name]; return v === undefined ? whole : typeof v === 'number' ? number(v) : v; }) : text);
    const t = (key: Key, values?: Values): string => {
        const text = messages[key] ?? english[key] ?? key;
        if (typeof text === 'string') return fill(text, values);
        const forms = text as Record<string, string>;
        return fill(forms[plural.select(Number(values?.n ?? 0))] ?? forms.other ?? key, values);
    };
    // A title that the catalogue gives in English: the translation where there is one.
    const known = (prefix: string, id: string, otherwise: string) => {
        const text = messages[`${prefix}.${id}` as Key];
        return typeof text === 'string' ? text : otherwise;
    };
    const regions = new Intl.DisplayNames([locale], { type: 'region' }), tongues = new Intl.DisplayNames([locale], { type: 'language' });
    const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }), month = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
    const moment = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }), list = new Intl.ListFormat(locale, { type: 'conjunction' });
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    return {
        language, locale, t, known, number,
        // Of a share in [0, 1].
        percent: (share: number | null | undefined) => (share === null || share === undefined || !Number.isFinite(share) ? '–' : share > 0 && share < 0.01 ? '<\u00a0' + format({ style: 'percent' }).format(0.01) : share < 1 && share > 0.995 ? '>\u00a0' + format({ style: 'percent' }).format(0.99) : format({ style: 'percent', maximumFractionDigits: 0 }).format(share)),
        compact: (value: number) => format({ notation: 'compact', maximumFractionDigits: 1 }).format(value),
        signed: (value: number, digits = 0) => format({ signDisplay: 'exceptZero', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
        // '2024', '2024-03', '2024-Q1', '2024-03-31' or a full timestamp.
        period: (text: string) => (/^\d{4}-\d{2}$/.test(text) ? month.format(new Date(text + '-01T00:00:00Z')) : /^\d{4}-\d{2}-\d{2}$/.test(text) ? day.format(new Date(text + 'T00:00:00Z')) : text),
        date: (text: string) => (text ? day.format(new Date(text.length === 10 ? text + 'T00:00:00Z' : text)) : '–'),
        time: (text: string) => (text ? moment.format(new Date(text)) : '–'),
        ago: (text: string) => {
            const seconds = (new Date(text).getTime() - Date.now()) / 1000, size = Math.abs(seconds);
            return size < 90 ? relative.format(0, 'minute') : size < 5400 ? relative.format(Math.round(seconds / 60), 'minute') : size < 130_000 ? relative.format(Math.round(seconds / 3600), 'hour') : relative.format(Math.round(seconds / 86_400), 'day');
        },
        list: (items: string[]) => list.format(items),
        bytes: (size: number) => (size < 1000 ? format({ style: 'unit', unit: 'byte' }).format(size) : size < 1e6 ? format({ style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(size / 1e3) : format({ style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(size / 1e6)),
        // A language's name: 'en', 'sr'.
        tongue: (code: string) => { try { return tongues.of(code) ?? code; } catch { return code; } },
        country: (code: string, otherwise?: string) => {
            if (code === 'XK') return t('place.XK');
            if (language === 'en' && otherwise) return otherwise;
            try { return /^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? otherwise ?? code) : (otherwise ?? code); } catch { return otherwise ?? code; }
        },
    };
}
export type Text = ReturnType<typeof makeText>;

const kStored = 'threatlas.language';
function initial(): Language {
    const stored = localStorage.getItem(kStored) as Language | null;
    if (stored && kLanguages.includes(stored)) return stored;
    const wanted = navigator.languages.find(each => /^(en|sr)/.test(each)) ?? 'en';
    return wanted.startsWith('sr') ? (/latn/i.test(wanted) ? 'sr-Latn' : 'sr-Cyrl') : 'en';
}

const Context = createContext<{ text: Text; choose: (language: Language) => void }>({ text: makeText('en', english), choose: () => undefined });

export function TextProvider({ children }: { children: ReactNode }) {
    const [language, setLanguage] = useState<Language>(initial), [serbian, setSerbian] = useState<Partial<Messages> | null>(null);
    useEffect(() => { if (language !== 'en' && !serbian) void import('./sr').then(each => setSerbian(each.serbian)); }, [language, serbian]);
    const ready = language === 'en' || serbian !== null;
    const value = useMemo(() => ({
        text: language === 'en' || !serbian ? makeText('en', english) : makeText(language, language === 'sr-Cyrl' ? serbian : latin(serbian)),
        choose: (next: Language) => { localStorage.setItem(kStored, next); setLanguage(next); },
    }), [language, serbian]);
    useEffect(() => { document.documentElement.lang = language; }, [language]);
    return <Context.Provider value={value}><I18nProvider locale={kLocale[language]}>{ready ? children : null}</I18nProvider></Context.Provider>;
}

export const useText = () => useContext(Context).text;
export const useLanguage = () => { const { text, choose } = useContext(Context); return [text.language, choose] as const; };
