import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Checkbox, explain, Field, Section, Table } from '@/ui';
import { IdentifierFields } from './identifier';
import { Learns } from './learns';
import { kPaths, useStatus, type Given, type Outcome } from './records';

export const kAskers = ['contact_point', 'analyst'];
const kBlank: Given = { kind: 'phone', value: '', country: '', born: '' };
const given = (each: Given) => each.value.trim() !== '' && (each.kind !== 'person' || each.born !== '');

export function Ask() {
    const text = useText(), { t } = text, names = useNames(), forget = useForget(), status = useStatus();
    const [identifiers, setIdentifiers] = useState<Given[]>([kBlank]), [reference, setReference] = useState(''), [basis, setBasis] = useState(''), [of, setOf] = useState<string[] | null>(null), [found, setFound] = useState<{ asked: Given[]; outcome: Outcome } | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const all = status.data?.peers.map(each => each.organisation) ?? [], whom = of ?? all, whole = identifiers.filter(given);
    const ask = async () => {
        setBusy(true);
        setProblem('');
        setFound(null);
        try {
            setFound({ asked: whole, outcome: await api.post<Outcome>(kPaths.ask, { identifiers: whole, case_reference: reference, legal_basis: basis, peers: whom }) });
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); void forget('match'); }
    };
    return (
        <Answer of={status}>
            {() => (
                <div className="panes">
                    <Section title={t('match.ask.title')} lead={t('match.ask.lead')}>
                        <div className="stack">
                            {identifiers.map((each, i) => <IdentifierFields key={i} value={each} onChange={next => setIdentifiers(old => old.map((one, n) => (n === i ? next : one)))} onRemove={identifiers.length > 1 ? () => setIdentifiers(old => old.filter((_, n) => n !== i)) : undefined} />)}
                            <div className="row"><Button small icon="plus" isDisabled={identifiers.length >= 50} onPress={() => setIdentifiers([...identifiers, kBlank])}>{t('match.another')}</Button></div>
                            <Field label={t('match.case')} help={t('match.case.help')} value={reference} onChange={setReference} required maxLength={100} />
                            <Field label={t('match.basis')} help={t('match.basis.help')} value={basis} onChange={setBasis} required maxLength={200} />
                            <fieldset className="stack-s"><legend className="note">{t('match.whom')}</legend>{all.length === 0 ? <p className="muted">{t('match.parties.none')}</p> : <div className="form-row">{all.map(id => <Checkbox key={id} checked={whom.includes(id)} onChange={on => setOf(on ? [...whom, id] : whom.filter(each => each !== id))}>{names.member(id)}</Checkbox>)}</div>}</fieldset>
                            {problem && <p className="form-problem" role="alert">{problem}</p>}
                            <div className="row"><Button variant="primary" isPending={busy} isDisabled={whole.length === 0 || !reference.trim() || !basis.trim() || whom.length === 0} onPress={() => void ask()}>{t('match.ask.do')}</Button></div>
                        </div>
                    </Section>
                    <div className="stack">{found ? <Results {...found} /> : <Learns />}</div>
                </div>
            )}
        </Answer>
    );
}

// Each identifier under each organisation: known, not known, or no answer.
function Results({ asked, outcome }: { asked: Given[]; outcome: Outcome }) {
    const { t, number } = useText(), names = useNames(), hits = outcome.peers.reduce((sum, each) => sum + each.hits.length, 0), failed = outcome.peers.filter(each => each.state === 'failed'), refused = new Map(outcome.refused.map(each => [each.row, each.reason]));
    return (
        <Section title={hits > 0 ? t('match.hits', { n: hits }) : t(failed.length === outcome.peers.length ? 'match.no_answer' : 'match.none')} lead={t(hits > 0 ? 'match.hits.lead' : 'match.none.lead')}>
            <Table label={t('match.results')} rows={asked.map((each, i) => ({ ...each, row: i + 1 }))} keyOf={each => String(each.row)} columns={[
                { id: 'what', title: t('match.value'), cell: each => <span className="stack-s"><span>{each.value}</span><span className="note">{t(`match.kind.${each.kind as 'phone'}`)}</span>{refused.has(each.row) && <span className="form-problem" lang="en">{refused.get(each.row)}</span>}{outcome.warnings.filter(w => w.row === each.row).map(w => <span key={w.text} className="note" lang="en">{w.text}</span>)}</span> },
                ...outcome.peers.map(peer => ({ id: peer.peer, title: names.member(peer.peer), cell: (each: { row: number }) => (peer.state === 'failed' ? <Badge>{t('match.failed')}</Badge> : refused.has(each.row) ? '–' : peer.hits.includes(each.row) ? <Badge kind="rising">◆ {t('match.known')}</Badge> : <Badge>○ {t('match.not_known')}</Badge>) })),
            ]} />
            {outcome.peers.filter(each => each.contact_request).map(each => <p key={each.peer} className="note">{t('match.contact_opened', { name: names.member(each.peer), id: each.contact_request })}</p>)}
            {failed.map(each => <p key={each.peer} className="form-problem">{names.member(each.peer)}: <span lang="en">{each.problem}</span></p>)}
            <p className="note">{outcome.peers.filter(each => each.state !== 'failed').map(each => t('match.left', { name: names.member(each.peer), n: number(each.left, 0) })).join(' · ')}</p>
            <p className="note">{t('match.chance')}</p>
        </Section>
    );
}
