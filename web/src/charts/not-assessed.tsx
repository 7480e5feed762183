import { useText } from '@/i18n';

// Not an empty chart: a frame that says which answer would help.
export function NotAssessed({ help, lang }: { help?: string; lang?: string }) {
    const { t } = useText();
    return <div className="not-assessed"><strong>{t('chart.not_assessed')}</strong>{help && <p><span className="muted">{t('chart.would_help')} </span><span lang={lang}>{help}</span></p>}</div>;
}
