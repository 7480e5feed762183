// Name and a password twice: for the first administrator and for who is invited.
import { useState, type FormEvent } from 'react';
import { useText } from '@/i18n';
import { Button, explain, Field } from '@/ui';

export const kShortest = 12;

export function Credentials({ action, send, email }: { action: string; send: (body: { name: string; password: string; email?: string }) => Promise<unknown>; email?: boolean }) {
    const text = useText(), { t } = text, [name, setName] = useState(''), [mail, setMail] = useState(''), [password, setPassword] = useState(''), [again, setAgain] = useState(''), [busy, setBusy] = useState(false), [problem, setProblem] = useState(''), [tried, setTried] = useState(false);
    const short = [...password].length < kShortest, differ = password !== again;
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        setTried(true);
        if (!name.trim() || short || differ) return;
        setBusy(true);
        setProblem('');
        try { await send({ name: name.trim(), password, ...(mail.trim() ? { email: mail.trim() } : {}) }); } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <form className="gate-form" onSubmit={submit}>
            <Field label={t('setup.name')} value={name} onChange={setName} autoComplete="username" name="username" required autoFocus />
            {email && <Field label={t('setup.email')} value={mail} onChange={setMail} autoComplete="email" inputMode="email" type="email" />}
            <Field label={t('setup.password')} help={t('setup.password.help')} value={password} onChange={setPassword} type="password" autoComplete="new-password" required error={tried && short ? t('setup.short') : undefined} />
            <Field label={t('setup.again')} value={again} onChange={setAgain} type="password" autoComplete="new-password" required error={tried && !short && differ ? t('setup.differ') : undefined} />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
            <Button type="submit" variant="primary" isPending={busy}>{action}</Button>
        </form>
    );
}
