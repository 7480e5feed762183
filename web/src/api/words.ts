import type { Text } from '@/i18n';

// Probability in words, after the PHIA yardstick; in a gap between two words the one nearer to even.
export function probably(p: number, { t }: Text): string {
    return t(p >= 0.95 ? 'word.almost_certain' : p >= 0.775 ? 'word.highly_likely' : p >= 0.525 ? 'word.likely' : 'word.possible');
}
