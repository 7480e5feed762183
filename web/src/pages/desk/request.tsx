import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import { useText } from '@/i18n';
import { threatPath } from '@/routes-path';
import { Link } from '@/shell/link';
import { Answer as Asked, Badge, Button, explain, Facts, Field, Section, Segments, useToast } from '@/ui';
import { Act } from './bulletin';
import { Files, FilesField, Handling, HandlingField } from './fields';
import { Receipts } from './receipts';
import { kOutcomes, type Answer, type Attachment, type Request } from './records';
import { useDeadline } from './requests';
import { useSpeaks } from './speaks';

export function RequestDetail({ id }: { id: string }) {
    const { t, date, time } = useText(), names = useNames(), session = useSession(), speaks = useSpeaks(), due = useDeadline(), [doing, setDoing] = useState<'acknowledge' | 'withdraw' | 'close' | null>(null);
    const asked = useQuery({ queryKey: ['requests', id], queryFn: ({ signal }) => api.get<Request>(`requests/${id}`, { signal }) });
    return (
        <Asked of={asked}>
            {r => {
                const mine = r.originator === session?.organisation, state = due(r), answers = r.answers ?? [], answered = answers.some(each => each.originator === session?.organisation && each.state === 'current');
                return (
                    <article className="stack">
                        <header className="stack-s">
                            <div className="row"><Badge kind="accent">{t(`desk.ask.${r.kind}` as 'desk.ask.information')}</Badge><Handling value={r.handling} />{state && <Badge kind={state.kind}>{state.text}</Badge>}{r.version > 1 && <Badge>{t('desk.version', { n: r.version })}</Badge>}<span className="note">{r.id}</span></div>
                            <h2 lang={r.language}>{r.title}</h2>
                            <p className="story letter" lang={r.language}>{r.text}</p>
                        </header>
                        <Files of={`requests/${r.id}`} files={r.attachments} />
                        <Facts items={[
                            [t('desk.asked_by'), names.member(r.originator)], [t('desk.issued'), time(r.issued)], r.deadline !== '' && [t('desk.deadline'), date(r.deadline)], [t('desk.recipients'), r.recipients.map(each => names.member(each)).join(', ')],
                            r.threats.length > 0 && [t('rank.threat'), <span key="t" className="row">{r.threats.map(each => <Link key={each} to={threatPath(each)}>{names.threat(each)}</Link>)}</span>],
                            r.places.length > 0 && [t('desk.places'), r.places.map(each => names.place(each)).join(', ')], r.match !== '' && [t('desk.match'), r.match], r.reason !== '' && [t('desk.reason'), r.reason],
                        ]} />
                        {r.questions.length > 0 && <Section level={3} title={t('desk.questions')}><ol className="points numbered" lang={r.language}>{r.questions.map((each, i) => <li key={i}>{each}</li>)}</ol></Section>}
                        <Section level={3} title={t('desk.answers', { n: answers.length })}>
                            {answers.length === 0 ? <p className="muted">{t('desk.answers.none')}</p> : <ul className="steps">{answers.map(each => <AnswerLine key={each.id} of={each} questions={r.questions} />)}</ul>}
                        </Section>
                        {speaks && r.state === 'open' && (
                            <div className="row">
                                {r.waits && <Button icon="check" onPress={() => setDoing('acknowledge')}>{t('desk.do.acknowledge')}</Button>}
                                {mine && <><Button variant="primary" onPress={() => setDoing('close')}>{t('desk.do.close')}</Button><Button variant="danger" onPress={() => setDoing('withdraw')}>{t('desk.do.withdraw')}</Button></>}
                            </div>
                        )}
                        {speaks && !mine && r.state === 'open' && !answered && <Reply to={r} />}
                        {mine && <Section level={3} title={t('desk.receipts')} lead={t('desk.receipts.lead')}><Receipts of={r.receipts} /></Section>}
                        {doing && <Act of={`requests/${r.id}`} forgets="requests" doing={doing} onClose={() => setDoing(null)} />}
                    </article>
                );
            }}
        </Asked>
    );
}

function AnswerLine({ of: a, questions }: { of: Answer; questions: string[] }) {
    const { t, time } = useText(), names = useNames();
    return (
        <li>
            <b>{names.member(a.originator)}</b> <Badge kind={a.outcome === 'answered' ? 'good' : 'plain'}>{t(`desk.outcome.${a.outcome}` as 'desk.outcome.answered')}</Badge> <Handling value={a.handling} /> <span className="note">{time(a.modified)}{a.state === 'withdrawn' && ' · ' + t('desk.state.withdrawn')}</span>
            {a.text && <p lang={a.language}>{a.text}</p>}
            {a.answers.some(Boolean) && <ol className="points numbered" lang={a.language}>{a.answers.map((each, i) => <li key={i} title={questions[i]}>{each || '–'}</li>)}</ol>}
            <Files of={`answers/${a.id}`} files={a.attachments} />
        </li>
    );
}

function Reply({ to }: { to: Request }) {
    const text = useText(), { t } = text, forget = useForget(), toast = useToast(), [outcome, setOutcome] = useState<(typeof kOutcomes)[number]>('answered'), [words, setWords] = useState(''), [each, setEach] = useState<string[]>(to.questions.map(() => '')), [handling, setHandling] = useState(to.handling || 'TLP:AMBER'), [files, setFiles] = useState<Attachment[]>([]), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const send = async () => {
        setBusy(true);
        setProblem('');
        try {
            await api.post(`requests/${to.id}/answers`, { outcome, text: words, language: text.language.slice(0, 2), answers: outcome === 'answered' ? each : [], handling, attachments: files }, { idempotencyKey: crypto.randomUUID?.() ?? String(Date.now() * Math.random()) });
            toast(t('desk.done.answer'), 'good');
            void forget('requests');
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Section level={3} title={t('desk.reply')}>
            <div className="stack reply">
                <Segments label={t('desk.outcome')} value={outcome} onChange={setOutcome} options={kOutcomes.map(id => ({ id, label: t(`desk.outcome.${id}`) }))} />
                {outcome === 'answered' && to.questions.map((question, i) => <Field key={i} label={question} value={each[i] ?? ''} onChange={value => setEach(old => old.map((one, n) => (n === i ? value : one)))} multiline maxLength={8000} />)}
                <Field label={t('desk.reply.text')} value={words} onChange={setWords} multiline maxLength={20000} />
                <FilesField value={files} onChange={setFiles} />
                <HandlingField value={handling} onChange={setHandling} />
                {problem && <p className="form-problem" role="alert">{problem}</p>}
                <div className="row"><Button variant="primary" isPending={busy} isDisabled={outcome === 'answered' && !words.trim() && !each.some(one => one.trim())} onPress={() => void send()}>{t('desk.reply.do')}</Button></div>
            </div>
        </Section>
    );
}
