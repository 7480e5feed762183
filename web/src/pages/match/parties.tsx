// With whom one matches, how new their filter is, and what is left of the day's quota, both ways.
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Answer, EmptyState, Section, Table } from '@/ui';
import { useList, useStatus, type Quota } from './records';

function Used({ used, most }: { used: number; most: number }) {
    const { number } = useText(), share = most > 0 ? Math.min(1, used / most) : 0;
    return <span className="stack-s"><span className="nowrap">{number(used, 0)} / {number(most, 0)}</span><svg className="share" style={{ width: 96 }} viewBox="0 0 100 9" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="9" fill="var(--track)" /><rect width={100 * share} height="9" fill={share >= 0.8 ? 'var(--rising)' : 'var(--dark)'} /></svg></span>;
}

export function Parties() {
    const { t, number, date } = useText(), names = useNames(), status = useStatus(), quotas = useList<Quota>('quotas'), today = new Date().toISOString().slice(0, 10);
    const used = (party: string, side: Quota['side']) => quotas.data?.items.find(each => each.party === party && each.side === side && each.day === today);
    return (
        <div className="work">
            <Section title={t('match.parties')} lead={t('match.parties.lead')}>
                <Answer of={status}>{s => s.peers.length === 0 ? <EmptyState title={t('match.parties.none')}>{t('match.parties.none.more')}</EmptyState> : <Table label={t('match.parties')} rows={s.peers} keyOf={each => each.organisation} columns={[
                    { id: 'who', title: t('account.organisation'), cell: each => <span className="stack-s"><span>{names.member(each.organisation)}</span><code className="note">{each.address}</code></span>, sort: each => names.member(each.organisation) },
                    { id: 'values', title: t('match.filter'), number: true, cell: each => number(each.values, 0), sort: each => each.values },
                    { id: 'epoch', title: t('match.epoch'), number: true, cell: each => number(each.epoch, 0) },
                    { id: 'fetched', title: t('match.fetched'), cell: each => (each.fetched ? date(each.fetched) : t('match.never')), sort: each => each.fetched },
                    { id: 'ours', title: t('match.quota.ours'), cell: each => <Used used={used(each.organisation, 'asked')?.evaluations ?? 0} most={used(each.organisation, 'asked')?.most ?? s.settings.daily} /> },
                    { id: 'theirs', title: t('match.quota.theirs'), cell: each => <Used used={used(each.organisation, 'served')?.evaluations ?? 0} most={used(each.organisation, 'served')?.most ?? s.settings.daily} /> },
                ]} />}</Answer>
            </Section>
            <Section title={t('match.quotas')} lead={t('match.quotas.lead')}>
                <Answer of={quotas} lines={3}>{({ items }) => <Table label={t('match.quotas')} rows={items} keyOf={each => each.side + each.party + each.day} height={420} empty={t('match.log.none')} columns={[
                    { id: 'day', title: t('match.day'), cell: each => date(each.day), sort: each => each.day },
                    { id: 'side', title: t('match.side'), cell: each => t(`match.side.${each.side}`), sort: each => each.side },
                    { id: 'party', title: t('account.organisation'), cell: each => names.member(each.party), sort: each => names.member(each.party) },
                    { id: 'queries', title: t('match.queries'), number: true, cell: each => number(each.queries, 0), sort: each => each.queries },
                    { id: 'used', title: t('match.evaluations'), number: true, cell: each => `${number(each.evaluations, 0)} / ${number(each.most, 0)}`, sort: each => each.evaluations },
                    { id: 'refused', title: t('match.query.refused'), number: true, cell: each => number(each.refused, 0), sort: each => each.refused },
                ]} />}</Answer>
            </Section>
        </div>
    );
}
