import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import type { Role } from '@/api/types';
import { useText } from '@/i18n';
import { Credentials } from '@/shell/credentials';
import { Gate, tokenOfAddress } from '@/shell/gate';
import { Answer, Button } from '@/ui';

interface Invitation { organisation: string; role: Role; clearance: string; expires: string }

export default function Invited() {
    const { t, date, known } = useText(), navigate = useNavigate(), [token] = useState(tokenOfAddress), [done, setDone] = useState(false);
    const asked = useQuery({ queryKey: ['invitation', token], enabled: token !== '', retry: false, queryFn: () => api.get<Invitation>(`invitations/${encodeURIComponent(token)}`) });
    if (!token) return <Gate title={t('invitation.title')} lead={t('invitation.no_token')}>{null}</Gate>;
    if (done) return <Gate title={t('invitation.title')} lead={t('setup.done')}><Button variant="primary" onPress={() => void navigate({ to: '/sign-in' as '/' })}>{t('signin.title')}</Button></Gate>;
    return (
        <Gate title={t('invitation.title')} lead={asked.data && <>{t('invitation.lead', { role: t(`role.${asked.data.role}`), organisation: known('member', asked.data.organisation, asked.data.organisation) })} {t('invitation.until', { date: date(asked.data.expires) })}</>}>
            <Answer of={asked} lines={3}>{() => <Credentials email action={t('invitation.do')} send={async body => { await api.post(`invitations/${encodeURIComponent(token)}`, body); setDone(true); }} />}</Answer>
        </Gate>
    );
}
