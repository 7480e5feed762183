import { useText } from '@/i18n';
import { EmptyState, ErrorNote } from '@/ui';
import { Link } from './link';

export function Unknown() {
    const { t } = useText();
    return <div className="gate"><EmptyState title={t('page.unknown')} action={<Link to="/">{t('nav.overview')}</Link>}>{t('page.unknown.more')}</EmptyState></div>;
}

export function Failed({ error, reset }: { error: unknown; reset: () => void }) {
    return <div className="gate"><ErrorNote error={error} onRetry={reset} /></div>;
}
