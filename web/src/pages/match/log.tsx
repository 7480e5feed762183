// Every question, ours and theirs, with case and legal basis; what was asked is in nobody's log.
import { useState } from 'react';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Answer, Badge, Section, Segments, Table } from '@/ui';
import { useList, type Query } from './records';

export function Log() {
    const { t, time, number } = useText(), names = useNames(), [side, setSide] = useState<'all' | 'asked' | 'served'>('all');
    const asked = useList<Query>('log');
    return (
        <Section title={t('match.log')} lead={t('match.log.lead')}>
            <Segments label={t('match.side')} value={side} onChange={setSide} options={(['all', 'asked', 'served'] as const).map(id => ({ id, label: t(`match.side.${id}`) }))} />
            <Answer of={asked}>{({ items }) => <Table label={t('match.log')} rows={items.filter(each => side === 'all' || each.side === side)} keyOf={each => each.side + each.id} height={640} empty={t('match.log.none')} columns={[
                { id: 'at', title: t('admin.audit.at'), cell: each => <span className="nowrap">{time(each.at)}</span>, sort: each => each.at },
                { id: 'side', title: t('match.side'), cell: each => <Badge kind={each.side === 'asked' ? 'accent' : 'plain'}>{each.side === 'asked' ? '→ ' : '← '}{t(`match.side.${each.side}`)}</Badge>, sort: each => each.side },
                { id: 'party', title: t('account.organisation'), cell: each => names.member(each.party), sort: each => names.member(each.party) },
                { id: 'case', title: t('match.case'), cell: each => <span className="stack-s"><span>{each.case_reference}</span><span className="note">{each.legal_basis}</span></span>, sort: each => each.case_reference },
                { id: 'person', title: t('admin.audit.person'), cell: each => each.person, sort: each => each.person },
                { id: 'n', title: t('match.evaluations'), number: true, cell: each => number(each.evaluations, 0), sort: each => each.evaluations },
                { id: 'hits', title: t('match.hits.n'), number: true, cell: each => (each.side === 'asked' ? number(each.hits, 0) : '–'), sort: each => each.hits },
                { id: 'state', title: t('admin.state'), cell: each => <Badge kind={each.state === 'done' ? 'good' : each.state === 'sent' ? 'accent' : 'bad'}>{t(`match.query.${each.state}` as 'match.query.done')}</Badge>, sort: each => each.state },
            ]} />}</Answer>
        </Section>
    );
}
