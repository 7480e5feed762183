// The page before one is in: sign-in, setup, invitation.
import { useEffect, type ReactNode } from 'react';
import { kLanguages, useLanguage, useText } from '@/i18n';
import { Mark, Segments } from '@/ui';

const kShort = { en: 'English', 'sr-Cyrl': 'Српски', 'sr-Latn': 'Srpski' };   // each in itself

export function Gate({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
    const { t } = useText(), [language, choose] = useLanguage();
    useEffect(() => { document.title = `${title} · ${t('app.name')}`; }, [title, t]);
    return (
        <main className="gate">
            <div className="gate-column">
                <div className="gate-box">
                    <div className="brand"><Mark /><span>{t('app.name')}</span></div>
                    <div className="stack-s"><h1>{title}</h1>{lead && <p className="muted">{lead}</p>}</div>
                    {children}
                </div>
                <div className="gate-foot"><p className="note">{t('signin.closed')}</p><Segments label={t('bar.language')} value={language} onChange={choose} options={kLanguages.map(id => ({ id, label: kShort[id] }))} /></div>
            </div>
        </main>
    );
}

// The one-time token stands behind '#', so that it is never sent with the address.
export const tokenOfAddress = () => decodeURIComponent(window.location.hash.replace(/^#/, ''));
