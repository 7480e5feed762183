// A signal's title and sentence in the reader's language. The server writes them in English; where every part is known in
// another language they are written anew from the parts, else the English stands, marked as such.
import { useText } from '@/i18n';
import { useNames } from './names';
import type { Signal } from './types';

type Told = Pick<Signal, 'title' | 'sentence' | 'kind' | 'what' | 'place' | 'member' | 'modus_operandi' | 'dims' | 'area' | 'threats' | 'period' | 'step' | 'seen' | 'expected' | 'low' | 'high' | 'completeness'>;
const kSentences = ['drift', 'new', 'spread', 'surge'];

export function useSignalWords() {
    const { t, known, language, period, percent } = useText(), names = useNames();
    const title = (s: Told): string | null => {
        if (language === 'en') return s.title;
        const what = s.what ? known('what', s.what, '') : s.threats.length === 1 ? names.threat(s.threats[0]!) : s.area ? `${names.area(s.area)}, ${t('signals.all_codes')}` : '';
        if (!what) return null;
        const parts = [what];
        if (s.modus_operandi) parts.push(s.modus_operandi.split('&').map(code => names.code(code)).join(' + '));
        for (const [name, value] of Object.entries(s.dims ?? {})) {
            if (name !== 'route' && !known('dim', name, '')) return null;
            parts.push(name === 'route' ? names.route(value) : `${known('dim', name, name)}: ${/^[A-Z]{2}$/.test(value) ? names.place(value) : known('dim_value', value, value.replaceAll('_', ' '))}`);
        }
        if (s.place) parts.push(names.place(s.place));
        if (s.member) parts.push(t('signals.reported_by', { member: names.member(s.member) }));
        return parts.join(', ');
    };
    return {
        title: (s: Told) => { const own = title(s); return { text: own ?? s.title, lang: own === null ? 'en' : undefined }; },
        sentence: (s: Told) => {
            const own = title(s);
            if (language === 'en' || own === null) return { text: s.sentence, lang: language === 'en' ? undefined : 'en' };
            const kind = kSentences.includes(s.kind) ? s.kind : 'rise';
            return { text: t(`signals.sentence.${kind as 'rise'}`, { title: own, seen: s.seen, period: period(s.period), expected: s.expected, low: s.low, high: s.high }) + (s.completeness < 1 ? ' ' + t('signals.sentence.so_far', { p: percent(s.completeness) }) : ''), lang: undefined };
        },
    };
}
