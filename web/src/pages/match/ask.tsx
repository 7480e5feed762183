import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';
import { Answer, Badge, Button, Checkbox, EmptyState, explain, Field, Section, Table } from '@/ui';
import { IdentifierFields } from './identifier';
import { Learns } from './learns';
import type { Found, Given, Party } from './records';

export const kAskers = ['contact_point', 'analyst'];
const kBlank: Given = { kind: 'phone', value: '', country: '', born: '' };
const given = (each: Given) => each.value.trim() !== '' && (each.kind !== 'person' || each.born !== '');

export function Ask() {
    const text = useText(), { t } = text, names = useNames(), session = useSession(), forget = useForget(), may = session !== null && kAskers.includes(session.role);
    const parties = useQuery({ queryKey: ['match', 'parties'], queryFn: ({ signal }) => api.get<Page<Party>>('match/peers', { signal }) });
    const [identifiers, setIdentifiers] = useState<Given[]>([kBlank]), [reference, setReference] = useState(''), [basis, setBasis] = useState(''), [of, setOf] = useState<string[] | null>(null), [found, setFound] = useState<{ asked: Given[]; items: Found[] } | null>(null), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const all = parties.data?.items.map(each => each.organisation) ?? [], whom = of ?? all, whole = identifiers.filter(given);
    const ask = async () => {
        setBusy(true);
        setProblem('');
        setFound(null);
        try {
            const answer = await api.post<{ results: Found[] }>('match/queries', { identifiers: whole, case_reference: reference, legal_basis: basis, parties: whom });
            setFound({ asked: whole, items: answer.results });
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); void forget('match'); }
    };
    if (!may) return <EmptyState title={t('match.who_may')}>{t('match.who_may.more')}</EmptyState>;
    return (
        <Answer of={parties}>
            {() => (
                <div className="panes">
                    <div className="stack">
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
                    </div>
                    <div className="stack">{found ? <Results of={found} /> : <Learns />}</div>
                </div>
            )}
        </Answer>
    );
}

function Results({ of }: { of: { asked: Given[]; items: Found[] } }) {
    const { t } = useText(), names = useNames(), hits = of.items.filter(each => each.hit).length;
    return (
        <Section title={hits === 0 ? t('match.none') : t('match.hits', { n: hits })} lead={t(hits === 0 ? 'match.none.lead' : 'match.hits.lead')}>
            <Table label={t('match.results')} rows={of.items.map((each, i) => ({ ...each, i }))} keyOf={each => String(each.i)} columns={[
                { id: 'what', title: t('match.value'), cell: each => { const asked = of.asked[each.given ?? 0]; return asked ? <span className="stack-s"><span>{asked.value}</span><span className="note">{t(`match.kind.${asked.kind as 'phone'}`)}</span></span> : each.identifier ?? '–'; } },
                { id: 'party', title: t('account.organisation'), cell: each => names.member(each.party), sort: each => names.member(each.party) },
                { id: 'hit', title: t('match.answer'), cell: each => (each.error ? <span className="stack-s"><Badge kind="bad">{t('match.failed')}</Badge><span className="note" lang="en">{each.error}</span></span> : <Badge kind={each.hit ? 'rising' : 'plain'}>{each.hit ? '◆ ' + t('match.known') : '○ ' + t('match.not_known')}</Badge>), sort: each => Number(each.hit) },
                { id: 'next', title: t('match.next'), cell: each => (each.request ? <Link to={`/desk/requests/${each.request}`}>{each.request}</Link> : '–') },
            ]} />
            <p className="note">{t('match.chance')}</p>
        </Section>
    );
}
