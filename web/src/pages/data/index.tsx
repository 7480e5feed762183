import { useText } from '@/i18n';
import { EmptyState, PageFrame } from '@/ui';

export default function Page() {
    const { t } = useText();
    return <PageFrame title={t('nav.data')}><EmptyState /></PageFrame>;
}
