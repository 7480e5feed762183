import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, ApiError, setCsrf } from '@/api/client';
import { noteSigned, queries } from '@/api/queries';
import type { Session } from '@/api/types';
import { kLanguages, useLanguage, useText, type Language } from '@/i18n';
import { Gate } from '@/shell/gate';
import { useTheme, type Theme } from '@/shell/theme';
import { Button, explain, Field } from '@/ui';

export default function SignIn() {
    const text = useText(), { t } = text, client = useQueryClient(), navigate = useNavigate(), { to } = useSearch({ strict: false }) as { to?: string };
    const [name, setName] = useState(''), [password, setPassword] = useState(''), [code, setCode] = useState(''), [withCode, setWithCode] = useState(false), [busy, setBusy] = useState(false), [problem, setProblem] = useState('');
    const [, chooseLanguage] = useLanguage(), [, chooseTheme] = useTheme();
    const oidc = useQuery({ queryKey: ['oidc'], retry: false, staleTime: Infinity, queryFn: () => api.get<{ enabled: boolean; name: string }>('oidc') }).data;
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        setBusy(true);
        setProblem('');
        try {
            await api.post('session', { name: name.trim(), password, ...(code ? { code: code.replace(/\s/g, '') } : {}) });
            noteSigned();
            const session = await api.get<Session>('session');
            setCsrf(session.csrf);
            if (kLanguages.includes(session.language as Language) && !localStorage.getItem('threatlas.language')) chooseLanguage(session.language as Language);
            if (session.theme && !localStorage.getItem('threatlas.theme')) chooseTheme(session.theme as Theme);
            client.clear();
            client.setQueryData(queries.session().queryKey, session);
            await navigate({ to: (to && to.startsWith('/') && !to.startsWith('//') ? to : '/') as '/', replace: true });
        } catch (error) {
            if (error instanceof ApiError && error.problem.code === 'code_needed') setWithCode(true);
            else setProblem(error instanceof ApiError && error.status === 401 ? t('signin.wrong') : explain(error, text));
        } finally {
            setBusy(false);
        }
    };
    return (
        <Gate title={t('signin.title')} lead={withCode ? t('signin.code_needed') : undefined}>
            <form className="gate-form" onSubmit={submit}>
                <Field label={t('signin.name')} value={name} onChange={setName} name="username" autoComplete="username" required autoFocus />
                <Field label={t('signin.password')} value={password} onChange={setPassword} type="password" name="password" autoComplete="current-password" required />
                {withCode && <Field label={t('signin.code')} help={t('signin.code.help')} value={code} onChange={setCode} name="code" autoComplete="one-time-code" autoFocus required />}
                {problem && <p className="form-problem" role="alert">{problem}</p>}
                <Button type="submit" variant="primary" isPending={busy}>{t('signin.do')}</Button>
            </form>
            {oidc?.enabled && <div className="gate-form"><p className="gate-or"><span>{t('signin.or')}</span></p><a className="button" href="/api/v1/oidc/start" onClick={() => noteSigned()}>{oidc.name ? t('signin.oidc.named', { name: oidc.name }) : t('signin.oidc')}</a></div>}
        </Gate>
    );
}
