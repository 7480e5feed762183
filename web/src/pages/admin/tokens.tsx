import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import type { Role } from '@/api/types';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Checkbox, Dialog, explain, Field, Select, Table, useToast } from '@/ui';
import { kClearances, kRoles, useOrganisations } from './people';

interface Token { id: string; name: string; organisation: string; role: Role; clearance: string; scopes: string[]; expires?: string; used?: string; last_used?: string; revoked?: boolean }
const kScopes = ['read', 'write', 'ingest', 'metrics'];

export function Tokens() {
    const { t, date, ago } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [making, setMaking] = useState(false), [ending, setEnding] = useState<Token | null>(null), may = session?.role === 'administrator';
    const asked = useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => api.all<Token>('tokens', { signal }) });
    const revoke = (id: string) => api.delete(`tokens/${id}`).then(() => { toast(t('admin.token.revoked'), 'good'); void forget('tokens'); }, error => toast.error(error));
    return (
        <div className="work">
            <div className="row"><p className="muted grow">{t('admin.tokens.lead')}</p>{may && <Button variant="primary" icon="plus" onPress={() => setMaking(true)}>{t('admin.token.new')}</Button>}</div>
            <Answer of={asked}>
                {({ items }) => <Table label={t('admin.tokens')} rows={items} keyOf={each => each.id} empty={t('admin.tokens.none')} columns={[
                    { id: 'name', title: t('admin.token.name'), cell: each => <span className="stack-s"><span>{each.name}</span><span className="note">{each.id}</span></span>, sort: each => each.name },
                    { id: 'o', title: t('account.organisation'), cell: each => names.member(each.organisation), sort: each => each.organisation },
                    { id: 'r', title: t('account.role'), cell: each => t(`role.${each.role}`), sort: each => each.role },
                    { id: 's', title: t('admin.token.scopes'), cell: each => each.scopes.join(', ') },
                    { id: 'e', title: t('admin.until'), cell: each => (each.expires ? date(each.expires) : '–'), sort: each => each.expires ?? '' },
                    { id: 'u', title: t('admin.token.used'), cell: each => { const at = each.last_used ?? each.used; return at ? ago(at) : t('admin.token.never'); } },
                    { id: 'x', title: '', cell: each => (each.revoked ? <Badge kind="bad">{t('admin.token.gone')}</Badge> : may && <Button small variant="danger" onPress={() => setEnding(each)}>{t('admin.token.revoke')}</Button>) },
                ]} />}
            </Answer>
            <Dialog alert title={t('admin.token.revoke.title', { name: ending?.name ?? '' })} isOpen={ending !== null} onClose={() => setEnding(null)} foot={<><Button onPress={() => setEnding(null)}>{t('do.cancel')}</Button><Button variant="danger" onPress={() => { void revoke(ending!.id); setEnding(null); }}>{t('admin.token.revoke')}</Button></>}><p>{t('admin.token.revoke.lead')}</p></Dialog>
            {making && <Make onClose={() => { setMaking(false); void forget('tokens'); }} />}
        </div>
    );
}

function Make({ onClose }: { onClose: () => void }) {
    const text = useText(), { t } = text, organisations = useOrganisations(), [form, setForm] = useState({ name: '', organisation: 'regional', role: 'analyst' as Role, clearance: 'TLP:GREEN', scopes: ['read'], days: '90' }), [secret, setSecret] = useState<string | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false), set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what }));
    const make = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await api.post<{ token?: string; secret?: string }>('tokens', { ...form, days: Number(form.days) });
            setSecret(made.token ?? made.secret ?? '');
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t('admin.token.new')} alert={secret !== null} isOpen onClose={onClose} foot={secret ? <Button variant="primary" onPress={onClose}>{t('do.close')}</Button> : <><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.name.trim() || form.scopes.length === 0} onPress={() => void make()}>{t('admin.token.new')}</Button></>}>
            {secret ? <div className="stack"><p>{t('admin.token.once')}</p><p className="secret" data-token>{secret}</p><Button small icon="copy" onPress={() => void navigator.clipboard?.writeText(secret)}>{t('do.copy')}</Button></div> : (
                <div className="stack">
                    <Field label={t('admin.token.name')} value={form.name} onChange={name => set({ name })} required autoFocus help={t('admin.token.name.help')} />
                    <Select label={t('account.organisation')} value={form.organisation} onChange={organisation => set({ organisation })} options={organisations} />
                    <Select label={t('account.role')} value={form.role} onChange={role => set({ role })} options={kRoles.map(id => ({ id, label: t(`role.${id}`) }))} />
                    <Select label={t('account.clearance')} value={form.clearance} onChange={clearance => set({ clearance })} options={kClearances.map(id => ({ id, label: id }))} />
                    <Field label={t('admin.token.days')} value={form.days} onChange={days => set({ days })} inputMode="numeric" />
                    <fieldset><legend className="note">{t('admin.token.scopes')}</legend><div className="form-row">{kScopes.map(each => <Checkbox key={each} checked={form.scopes.includes(each)} onChange={on => set({ scopes: on ? [...form.scopes, each] : form.scopes.filter(s => s !== each) })}>{each}</Checkbox>)}</div></fieldset>
                    {problem && <p className="form-problem" role="alert">{problem}</p>}
                </div>
            )}
        </Dialog>
    );
}
