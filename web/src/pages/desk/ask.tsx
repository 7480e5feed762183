// A new request: what is asked, question by question, of whom, until when.
import { useState } from 'react';
import { api } from '@/api/client';
import { useForget } from '@/api/queries';
import { useText } from '@/i18n';
import { Button, Dialog, explain, Field, Select, useToast } from '@/ui';
import { AboutFields, FilesField, HandlingField, LanguageField, RecipientsField } from './fields';
import { kRequests, type Attachment, type Request } from './records';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export function Ask({ onClose, onSent }: { onClose: () => void; onSent: (id: string) => void }) {
    const text = useText(), { t } = text, forget = useForget(), toast = useToast(), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const [form, setForm] = useState({ kind: 'information', title: '', text: '', language: text.language.slice(0, 2), questions: [''], threats: [] as string[], mos: [] as string[], places: [] as string[], deadline: inDays(14), handling: 'TLP:AMBER', recipients: [] as string[], attachments: [] as Attachment[] });
    const set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what }));
    const send = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await api.post<Request>('requests', { ...form, questions: form.questions.map(each => each.trim()).filter(Boolean) }, { idempotencyKey: crypto.randomUUID?.() ?? String(Date.now() * Math.random()) });
            toast(t('desk.done.ask'), 'good');
            void forget('requests');
            onClose();
            onSent(made.id);
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t('desk.ask')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.title.trim() || !form.questions.some(each => each.trim()) || form.recipients.length === 0} onPress={() => void send()}>{t('desk.send')}</Button></>}>
            <div className="form-grid">
                <Select label={t('desk.kind')} value={form.kind} onChange={kind => set({ kind })} options={kRequests.map(id => ({ id, label: t(`desk.ask.${id}`) }))} help={t(`desk.ask.${form.kind as 'information'}.help`)} />
                <LanguageField value={form.language} onChange={language => set({ language })} />
                <Field label={t('desk.deadline')} value={form.deadline} onChange={deadline => set({ deadline })} type="date" />
                <div className="full"><Field label={t('desk.title')} value={form.title} onChange={title => set({ title })} required maxLength={200} autoFocus /></div>
                <div className="full"><Field label={t('desk.ask.text')} value={form.text} onChange={words => set({ text: words })} multiline maxLength={20000} /></div>
                <fieldset className="full stack-s"><legend className="note">{t('desk.questions')}</legend>
                    {form.questions.map((each, i) => <div key={i} className="form-row question"><Field label={t('desk.question', { n: i + 1 })} hideLabel placeholder={t('desk.question', { n: i + 1 })} value={each} onChange={value => set({ questions: form.questions.map((one, n) => (n === i ? value : one)) })} maxLength={1000} />{form.questions.length > 1 && <Button variant="quiet" small icon="close" aria-label={t('do.take_away', { name: t('desk.question', { n: i + 1 }) })} onPress={() => set({ questions: form.questions.filter((_, n) => n !== i) })} />}</div>)}
                    <div className="form-row"><Button small icon="plus" isDisabled={form.questions.length >= 20} onPress={() => set({ questions: [...form.questions, ''] })}>{t('desk.question.more')}</Button></div>
                </fieldset>
                <AboutFields value={form} onChange={set} />
                <FilesField value={form.attachments} onChange={attachments => set({ attachments })} />
                <RecipientsField legend={t('desk.ask.whom')} value={form.recipients} onChange={recipients => set({ recipients })} />
                <HandlingField value={form.handling} onChange={handling => set({ handling })} />
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
