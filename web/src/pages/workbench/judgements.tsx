// Judgements that stand, and a new one: a sentence, how probable, on which figures it rests.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { queries, useForget, useRegion, useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { Evidence as Opens } from '@/evidence/open';
import { FigureTitle } from '@/evidence/title';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Checkbox, ComboBox, Dialog, explain, Field, Select, Table, useToast } from '@/ui';

interface Judged { submission: string; id: string; organisation: string; threat: string; lens: string; criterion: string; kind: string; value: string; text: string; scope: string; word: string; dated: string; handling: string; evidence: string[] }
const kWriters = ['analyst', 'contributor', 'director'], kKinds = ['note', 'grade', 'trend'] as const;
const kValues = { grade: ['low', 'medium', 'high', 'very_high'], trend: ['falling', 'stable', 'rising'], note: [] } as const;

export function Judgements({ assessment }: { assessment: string }) {
    const { t, date, known } = useText(), names = useNames(), session = useSession(), [adding, setAdding] = useState<Judged | 'new' | null>(null), may = session !== null && kWriters.includes(session.role);
    const asked = useQuery({ queryKey: ['judgements'], queryFn: ({ signal }) => api.all<Judged>('judgements', { signal }) });
    return (
        <div className="work">
            <div className="row"><p className="muted grow">{t('bench.judgements.lead')}</p>{may && <Button variant="primary" icon="plus" onPress={() => setAdding('new')}>{t('bench.judgements.new')}</Button>}</div>
            <Answer of={asked}>
                {({ items }) => (
                    <Table label={t('bench.judgements')} rows={items} keyOf={each => each.submission + each.id} empty={t('bench.judgements.none')} columns={[
                        { id: 'text', title: t('bench.judgements.text'), cell: each => <span className="stack-s"><span>{each.text}</span><span className="row">{each.word && <Badge kind="judged">{known('yardstick', each.word, each.word)}</Badge>}{each.value && <Badge>{each.value.replaceAll('_', ' ')}</Badge>}{each.evidence.map(id => <Opens key={id} figure={id}>{id}</Opens>)}</span></span> },
                        { id: 'threat', title: t('rank.threat'), cell: each => names.threat(each.threat), sort: each => each.threat },
                        { id: 'lens', title: t('bench.judgements.lens'), cell: each => names.lens(each.lens), sort: each => each.lens },
                        { id: 'who', title: t('bench.judgements.who'), cell: each => names.member(each.organisation), sort: each => each.organisation },
                        { id: 'dated', title: t('bench.judgements.dated'), cell: each => date(each.dated), sort: each => each.dated },
                        { id: 'edit', title: '', cell: each => may && each.organisation === session?.organisation && <Button small onPress={() => setAdding(each)}>{t('bench.judgements.replace')}</Button> },
                    ]} />
                )}
            </Answer>
            {adding && <Judge assessment={assessment} former={adding === 'new' ? null : adding} onClose={() => setAdding(null)} />}
        </div>
    );
}

function Judge({ assessment, former, onClose }: { assessment: string; former: Judged | null; onClose: () => void }) {
    const text = useText(), { t, percent, known } = text, names = useNames(), region = useRegion(), toast = useToast(), forget = useForget();
    const [form, setForm] = useState({ threat: former?.threat ?? null, lens: former?.lens ?? 'state_of_affairs', criterion: former?.criterion || null, kind: (former?.kind ?? 'note') as (typeof kKinds)[number], value: former?.value ?? '', text: former?.text ?? '', word: former?.word ?? '', evidence: former?.evidence ?? ([] as string[]) }), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const set = (what: Partial<typeof form>) => setForm(old => ({ ...old, ...what })), figures = useQuery({ ...queries.threat(assessment, form.threat ?? ''), enabled: form.threat !== null }).data?.figures ?? [];
    const yardstick = region?.yardsticks[0]?.yardstick;
    const save = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post('judgements', { ...form, criterion: form.criterion ?? '', threat: form.threat ?? '', scope: 'region', assessment, ...(former ? { replaces: former.submission } : {}) });
            toast(t('bench.judgements.kept'), 'good');
            void forget('judgements');
            onClose();
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog wide title={t(former ? 'bench.judgements.replace' : 'bench.judgements.new')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!form.text.trim() || !form.threat || !form.criterion || (form.kind !== 'note' && !form.value)} onPress={() => void save()}>{t('do.save')}</Button></>}>
            <div className="form-grid">
                <ComboBox label={t('rank.threat')} value={form.threat} onChange={threat => set({ threat, evidence: [] })} options={(region?.threats ?? []).map(each => ({ id: each.id, label: names.threat(each.id) }))} />
                <Select label={t('bench.judgements.lens')} value={form.lens} onChange={lens => set({ lens })} options={(region?.lenses ?? []).map(each => ({ id: each.id, label: names.lens(each.id) }))} />
                <Select label={t('bench.judgements.kind')} value={form.kind} onChange={kind => set({ kind, value: '' })} options={kKinds.map(id => ({ id, label: t(`bench.judgements.kind.${id}`) }))} />
                {form.kind !== 'note' && <Select label={t('value')} value={form.value} onChange={value => set({ value })} options={kValues[form.kind].map(id => ({ id, label: t(`bench.judgements.value.${id}`) }))} />}
                <Select label={t('bench.evidence.criterion')} value={form.criterion} onChange={criterion => set({ criterion })} options={(region?.criteria ?? []).map(each => ({ id: each.id, label: names.criterion(each.id) }))} />
                <Select label={t('signals.word')} value={form.word} onChange={word => set({ word })} options={(region?.yardsticks ?? []).filter(each => each.yardstick === yardstick).map(each => ({ id: each.word, label: known('yardstick', each.word, each.word), more: `${percent(each.low)}–${percent(each.high)}` }))} />
                <div className="full"><Field label={t('bench.judgements.text')} value={form.text} onChange={words => set({ text: words })} multiline required maxLength={4000} help={t('bench.judgements.text.help')} /></div>
                {figures.length > 0 && <fieldset className="full"><legend className="note">{t('bench.judgements.evidence')}</legend><div className="stack-s pick-list">{figures.map(each => <Checkbox key={each.id} checked={form.evidence.includes(each.id)} onChange={on => set({ evidence: on ? [...form.evidence, each.id] : form.evidence.filter(e => e !== each.id) })}><FigureTitle of={each} /> <span className="note">{names.place(each.place)}</span></Checkbox>)}</div></fieldset>}
            </div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}
