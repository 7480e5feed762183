import { useState, type FormEvent } from 'react';
import { api, ApiError } from '@/api/client';
import { useForget, useSession } from '@/api/queries';
import { save } from '@/evidence/export';
import { useText } from '@/i18n';
import { Badge, Button, Dialog, explain, Field, useToast } from '@/ui';
import { QrCode } from './qr';

// Enrolment: the key as a picture and as text, the first code, then the recovery codes, shown once.
export function SecondFactor() {
    const text = useText(), { t } = text, toast = useToast(), forget = useForget(), session = useSession();
    const [offer, setOffer] = useState<{ secret: string; uri: string } | null>(null), [codes, setCodes] = useState<string[] | null>(null), [code, setCode] = useState(''), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const [asking, setAsking] = useState<'begin' | 'remove' | null>(null), [password, setPassword] = useState('');
    const run = async (what: () => Promise<void>) => {
        setBusy(true);
        setProblem('');
        try { await what(); } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    // A session older than ten minutes is asked for the password again.
    const withPassword = (what: 'begin' | 'remove', given?: string) => run(async () => {
        try {
            if (what === 'begin') setOffer(await api.post('account/totp', given ? { password: given } : {}));
            else {
                await removeFactor(given);
                toast(t('account.totp.removed'), 'good');
                void forget('session');
            }
            setAsking(null);
            setPassword('');
        } catch (error) {
            if (error instanceof ApiError && error.status === 403 && !given) setAsking(what);
            else throw error;
        }
    });
    const confirm = (event: FormEvent) => {
        event.preventDefault();
        void run(async () => {
            const done = await api.post<{ recovery_codes: string[] }>('account/totp/confirm', { code: code.replace(/\s/g, '') });
            setOffer(null);
            setCode('');
            setCodes(done.recovery_codes);
            toast(t('account.totp.done'), 'good');
            void forget('session');
        });
    };
    return (
        <div className="stack">
            <p className="row"><Badge kind={session?.totp ? 'good' : 'plain'}>{t(session?.totp ? 'account.totp.on' : 'account.totp.off')}</Badge>{!offer && <Button small onPress={() => void withPassword('begin')} isPending={busy}>{t(session?.totp ? 'account.totp.again' : 'account.totp.start')}</Button>}{session?.totp && !offer && <Button small variant="danger" onPress={() => void withPassword('remove')}>{t('account.totp.remove')}</Button>}</p>
            {offer && (
                <div className="enrol">
                    <QrCode text={offer.uri} label={t('account.totp.qr')} />
                    <form onSubmit={confirm}>
                        <p>{t('account.totp.scan')}</p>
                        <p><span className="note">{t('account.totp.key')}</span><br /><code>{offer.secret.replace(/(.{4})/g, '$1 ').trim()}</code></p>
                        <Field label={t('account.totp.code')} value={code} onChange={setCode} autoComplete="one-time-code" inputMode="numeric" autoFocus required />
                        <div className="row"><Button type="submit" variant="primary" isPending={busy} isDisabled={code.length < 6}>{t('account.totp.confirm')}</Button><Button variant="quiet" onPress={() => setOffer(null)}>{t('do.cancel')}</Button></div>
                    </form>
                </div>
            )}
            {problem && <p className="form-problem" role="alert">{problem}</p>}
            <Dialog title={t('account.password')} isOpen={asking !== null} onClose={() => setAsking(null)} foot={<><Button onPress={() => setAsking(null)}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!password} onPress={() => asking && void withPassword(asking, password)}>{t('do.next')}</Button></>}>
                <Field label={t('account.password.now')} value={password} onChange={setPassword} type="password" autoComplete="current-password" autoFocus error={problem || undefined} />
            </Dialog>
            <Dialog alert title={t('account.recovery')} isOpen={codes !== null} onClose={() => setCodes(null)} foot={<><Button icon="download" onPress={() => save('threatlas-recovery-codes.txt', 'text/plain', (codes ?? []).join('\r\n') + '\r\n')}>{t('account.recovery.save')}</Button><Button variant="primary" onPress={() => setCodes(null)}>{t('account.recovery.kept')}</Button></>}>
                <p>{t('account.recovery.lead')}</p>
                <ul className="codes">{(codes ?? []).map(each => <li key={each}>{each}</li>)}</ul>
            </Dialog>
        </div>
    );
}

const removeFactor = (password?: string) => api.delete('account/totp', password ? { body: { password } } : {});
