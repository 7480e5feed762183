// What each side learns, said before anything is sent.
import { useText } from '@/i18n';

export function Learns() {
    const { t } = useText();
    return (
        <section className="learns" aria-label={t('match.learns')}>
            {(['you', 'they', 'nobody'] as const).map(who => <div key={who}><h3>{t(`match.learns.${who}`)}</h3><ul className="points">{(['1', '2', '3'] as const).map(n => <li key={n}>{t(`match.learns.${who}.${n}`)}</li>)}</ul></div>)}
        </section>
    );
}
