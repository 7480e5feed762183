import { useState, type FormEvent } from 'react';
import { api } from '@/api/client';
import { useForget } from '@/api/queries';
import { useText } from '@/i18n';
import { kShortest } from '@/shell/credentials';
import { Button, explain, Field, useToast } from '@/ui';

export function ChangePassword() {
    const text = useText(), { t } = text, toast = useToast(), forget = useForget(), [current, setCurrent] = useState(''), [next, setNext] = useState(''), [again, setAgain] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false), [tried, setTried] = useState(false);
    const short = [...next].length < kShortest;
    const submit = async (event: FormEvent) => {
        event.preventDefault();
        setTried(true);
        setProblem('');
        if (short || next !== again) return;
        setBusy(true);
        try {
            await api.post('account/password', { current, password: next });
            setCurrent('');
            setNext('');
            setAgain('');
            setTried(false);
            toast(t('account.password.changed'), 'good');
            void forget('sessions');
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <form onSubmit={submit}>
            <Field label={t('account.password.now')} value={current} onChange={setCurrent} type="password" autoComplete="current-password" required />
            <Field label={t('account.password.new')} help={t('setup.password.help')} value={next} onChange={setNext} type="password" autoComplete="new-password" required error={tried && short ? t('setup.short') : undefined} />
            <Field label={t('setup.again')} value={again} onChange={setAgain} type="password" autoComplete="new-password" required error={tried && !short && next !== again ? t('setup.differ') : undefined} />
            {problem && <p className="form-problem" role="alert">{problem}</p>}
            <Button type="submit" isPending={busy} isDisabled={!current || !next}>{t('account.password.change')}</Button>
        </form>
    );
}
