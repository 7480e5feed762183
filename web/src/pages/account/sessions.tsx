import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { queries, useForget } from '@/api/queries';
import { useText } from '@/i18n';
import { Answer, Badge, Button, Table, useToast } from '@/ui';

export function Sessions() {
    const { t, time, ago } = useText(), toast = useToast(), forget = useForget();
    const end = async (id: string) => {
        try {
            await api.delete(`sessions/${id}`);
            toast(t('account.sessions.ended'), 'good');
            void forget('sessions');
        } catch (error) { toast.error(error); }
    };
    return (
        <Answer of={useQuery(queries.sessions())} lines={3}>
            {({ items }) => (
                <Table label={t('account.sessions')} rows={items} keyOf={each => each.id} columns={[
                    { id: 'since', title: t('account.sessions.since'), cell: each => time(each.created ?? ''), sort: each => each.created ?? '' },
                    { id: 'used', title: t('account.sessions.used'), cell: each => ago(each.last_seen ?? each.created ?? ''), sort: each => each.last_seen ?? '' },
                    { id: 'from', title: t('account.sessions.where'), cell: each => each.address ?? '–' },
                    { id: 'with', title: t('account.sessions.with'), cell: each => <span className="note">{each.agent ?? '–'}</span> },
                    { id: 'end', title: '', cell: each => (each.current ? <Badge kind="accent">{t('account.sessions.this')}</Badge> : <Button small variant="danger" onPress={() => void end(each.id)}>{t('account.sessions.end')}</Button>) },
                ]} />
            )}
        </Answer>
    );
}
