// Who may do what: the server's own table.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useText } from '@/i18n';
import { Answer } from '@/ui';
import { kRoles } from './people';

interface Row { id?: string; route?: string; roles?: Record<string, string | boolean> | string[]; scope?: string; purposes?: string | string[]; [key: string]: unknown }
const kMark = { any: '●', own: '◐', no: '' } as const;

function may(row: Row, role: string): keyof typeof kMark {
    if (Array.isArray(row.roles)) return row.roles.includes(role) ? 'any' : 'no';
    const word = (row.roles as Record<string, unknown> | undefined)?.[role] ?? row[role];
    return word === true || word === 'any' || word === 'a' || word === 'yes' ? 'any' : word === 'own' || word === 'o' ? 'own' : 'no';
}

export function Rights() {
    const { t } = useText(), asked = useQuery({ queryKey: ['rights'], staleTime: Infinity, queryFn: ({ signal }) => api.get<{ items?: Row[]; routes?: Row[] }>('rights', { signal }) });
    return (
        <Answer of={asked} lines={10}>
            {data => (
                <div className="work">
                    <p className="note">{t('admin.rights.key')}</p>
                    <div className="matrix" tabIndex={0} role="region" aria-label={t('admin.rights')}>
                        <table><thead><tr><th scope="col">{t('admin.rights.route')}</th>{kRoles.map(each => <th key={each} scope="col">{t(`role.${each}`)}</th>)}<th scope="col">{t('admin.token.scopes')}</th></tr></thead>
                            <tbody>{(data.items ?? data.routes ?? []).map(row => { const id = String(row.id ?? row.route ?? ''); return <tr key={id}><th scope="row"><code>{id}</code></th>{kRoles.map(role => { const word = may(row, role); return <td key={role} aria-label={t(`admin.rights.${word}`)}>{kMark[word]}</td>; })}<td className="note">{row.scope}</td></tr>; })}</tbody></table>
                    </div>
                </div>
            )}
        </Answer>
    );
}
