// The collections of TAXII 2.1 that this reader may see, as any client would find them.
import { useQuery } from '@tanstack/react-query';
import { api, ApiError } from '@/api/client';
import { useText } from '@/i18n';
import { Answer, Badge, Section, Table } from '@/ui';

interface Collection { id: string; title: string; description?: string; can_read: boolean; can_write: boolean; root: string; address: string }
const kTaxii = { Accept: 'application/taxii+json;version=2.1' };

// What cannot be read is left out: a root for which one has no rights answers so.
async function collections(signal: AbortSignal): Promise<Collection[]> {
    const found: Collection[] = [], discovery = await api.get<{ api_roots?: string[] }>('/taxii2/', { signal, headers: kTaxii });
    for (const root of discovery.api_roots ?? []) {
        const path = new URL(root, location.origin).pathname.replace(/\/?$/, '/');
        try {
            const about = await api.get<{ title: string }>(path, { signal, headers: kTaxii }), list = await api.get<{ collections?: Omit<Collection, 'root' | 'address'>[] }>(`${path}collections/`, { signal, headers: kTaxii });
            for (const each of list.collections ?? []) found.push({ ...each, root: about.title, address: `${path}collections/${each.id}/` });
        } catch (error) { if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) throw error; }
    }
    return found;
}

export function Collections() {
    const { t } = useText(), asked = useQuery({ queryKey: ['taxii'], queryFn: ({ signal }) => collections(signal) });
    return (
        <Section title={t('taxii.title')} lead={t('taxii.lead')}>
            <Answer of={asked} lines={4}>{items => <Table label={t('taxii.title')} rows={items} keyOf={each => each.address} empty={t('taxii.none')} columns={[
                { id: 'title', title: t('taxii.collection'), cell: each => <span className="stack-s"><span>{each.title}</span>{each.description && <span className="note">{each.description}</span>}</span>, sort: each => each.title },
                { id: 'root', title: t('taxii.root'), cell: each => each.root, sort: each => each.root },
                { id: 'may', title: t('taxii.may'), cell: each => <span className="row">{each.can_read && <Badge kind="good">{t('taxii.read')}</Badge>}{each.can_write && <Badge kind="accent">{t('taxii.write')}</Badge>}</span> },
                { id: 'address', title: t('taxii.address'), cell: each => <code className="note">{each.address}</code> },
            ]} />}</Answer>
        </Section>
    );
}
