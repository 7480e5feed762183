// A figure's title in the reader's language; what is known in English only is marked so.
import { useNames } from '@/api/names';
import { useText } from '@/i18n';

export function FigureTitle({ of }: { of: { indicator: string; title: string } }) {
    const { language } = useText(), said = useNames().figure(of);
    return language !== 'en' && said === of.title ? <span lang="en">{said}</span> : <>{said}</>;
}
