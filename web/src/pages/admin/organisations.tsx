// Who takes part, and how many of each may come in.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Answer, Table } from '@/ui';

interface Organisation { id: string; name: string; organisation: string; country: string }

export function Organisations() {
    const { t, number } = useText(), names = useNames();
    const asked = useQuery({ queryKey: ['organisations'], queryFn: ({ signal }) => api.all<Organisation>('organisations', { signal }) });
    const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => api.all<{ organisation: string; state: string }>('people', { signal }) });
    const counted = (id: string) => people.data?.items.filter(each => each.organisation === id && each.state === 'active').length ?? null;
    return (
        <div className="work">
            <p className="muted">{t('admin.organisations.lead')}</p>
            <Answer of={asked}>
                {({ items }) => (
                    <Table label={t('admin.organisations')} rows={items} keyOf={each => each.id} columns={[
                        { id: 'name', title: t('account.name'), cell: each => names.member(each.id), sort: each => names.member(each.id) },
                        { id: 'organisation', title: t('account.organisation'), cell: each => <span lang="en">{each.organisation}</span>, sort: each => each.organisation },
                        { id: 'country', title: t('place'), cell: each => (each.country ? names.place(each.country) : '–'), sort: each => each.country },
                        { id: 'people', title: t('admin.organisations.people'), number: true, cell: each => number(counted(each.id), 0), sort: each => counted(each.id) },
                        { id: 'id', title: t('admin.organisations.id'), cell: each => <code>{each.id}</code>, sort: each => each.id },
                    ]} />
                )}
            </Answer>
        </div>
    );
}
