// How far a version got at each organisation: sent, arrived, opened, acknowledged; each step once, in words and signs.
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Icon, Table } from '@/ui';
import type { Receipt } from './records';

export function Receipts({ of }: { of: Receipt[] }) {
    const { t, time } = useText(), names = useNames(), step = (at: string) => (at ? <span className="step"><Icon name="check" size={14} /><span>{time(at)}</span></span> : <span className="muted">{t('desk.not_yet')}</span>);
    return (
        <Table label={t('desk.receipts')} rows={of} keyOf={each => each.organisation} empty={t('desk.receipts.none')} columns={[
            { id: 'organisation', title: t('account.organisation'), cell: each => <span className="stack-s"><span>{names.member(each.organisation)}</span>{each.forwarded_by && <span className="note">{t('desk.forwarded_by', { name: names.member(each.forwarded_by) })}</span>}{each.note && <span className="note">{each.note}</span>}</span>, sort: each => names.member(each.organisation) },
            { id: 'sent', title: t('desk.sent'), cell: each => step(each.sent), sort: each => each.sent },
            { id: 'fetched', title: t('desk.fetched'), cell: each => step(each.fetched), sort: each => each.fetched },
            { id: 'read', title: t('desk.read'), cell: each => step(each.read), sort: each => each.read },
            { id: 'acknowledged', title: t('desk.acknowledged'), cell: each => step(each.acknowledged), sort: each => each.acknowledged },
        ]} />
    );
}
