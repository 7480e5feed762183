// A new bulletin, or the next version of one's own with the reason for it.
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget } from '@/api/queries';
import { useText } from '@/i18n';
import { Button, Dialog, explain, Field, Select, useToast } from '@/ui';
import { AboutFields, FilesField, HandlingField, LanguageField, RecipientsField } from './fields';
import { kBulletins, type Bulletin } from './records';

export function Compose({ former, onClose, onSent }: { former?: Bulletin; onClose: () => void; onSent?: (id: string) => void }) {
    const text = useText(), { t } = text, forget = useForget(), toast = useToast(), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false), [reason, setReason] = useState('');
    const [form, setForm] = useState(() => ({ kind: former?.kind ?? 'new_mo', title: former?.title ?? '', text: former?.text ?? '', language: former?.language ?? text.language.slice(0, 2), threats: former?.threats ?? [], mos: former?.mos ?? [], places: former?.places ?? [], handling: former?.handling ?? 'TLP:AMBER', recipients: former?.recipients ?? [], valid_until: former?.valid_until ?? '', attachments: former?.attachments ?? [] }));
    const set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what }));
    const send = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = former ? await api.post<Bulletin>(`bulletins/${former.id}/versions`, { ...form, reason }) : await api.post<Bulletin>('bulletins', form, { idempotencyKey: crypto.randomUUID?.() ?? String(Date.now() * Math.random()) });
            toast(t(former ? 'desk.done.correct' : 'desk.done.send'), 'good');
            void forget('bulletins');
            onClose();
            onSent?.(made.id);
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t(former ? 'desk.do.correct' : 'desk.write')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.title.trim() || !form.text.trim() || form.recipients.length === 0 || (former !== undefined && !reason.trim())} onPress={() => void send()}>{t(former ? 'desk.do.correct' : 'desk.send')}</Button></>}>
            <div className="form-grid">
                <Select label={t('desk.kind')} value={form.kind} onChange={kind => set({ kind })} options={kBulletins.map(id => ({ id, label: t(`desk.kind.${id}`) }))} help={t(`desk.kind.${form.kind as 'warning'}.help`)} />
                <LanguageField value={form.language} onChange={language => set({ language })} />
                <Field label={t('desk.valid_until')} value={form.valid_until} onChange={valid_until => set({ valid_until })} type="date" />
                <div className="full"><Field label={t('desk.title')} value={form.title} onChange={title => set({ title })} required maxLength={200} autoFocus /></div>
                <div className="full"><Field label={t('desk.text')} value={form.text} onChange={words => set({ text: words })} multiline required maxLength={20000} help={t('desk.text.help')} /></div>
                <AboutFields value={form} onChange={set} />
                <FilesField value={form.attachments} onChange={attachments => set({ attachments })} />
                <RecipientsField legend={t('desk.recipients')} value={form.recipients} onChange={recipients => set({ recipients })} />
                <HandlingField value={form.handling} onChange={handling => set({ handling })} />
                {former && <div className="full"><Field label={t('desk.reason')} value={reason} onChange={setReason} required maxLength={2000} help={t('desk.reason.help')} /></div>}
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
