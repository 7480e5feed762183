import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { useText } from '@/i18n';
import { Credentials } from '@/shell/credentials';
import { Gate, tokenOfAddress } from '@/shell/gate';
import { Button } from '@/ui';

export default function Setup() {
    const { t } = useText(), navigate = useNavigate(), [token] = useState(tokenOfAddress), [done, setDone] = useState(false);
    if (done) return <Gate title={t('setup.title')} lead={t('setup.done')}><Button variant="primary" onPress={() => void navigate({ to: '/sign-in' as '/' })}>{t('signin.title')}</Button></Gate>;
    return <Gate title={t('setup.title')} lead={token ? t('setup.lead') : t('setup.no_token')}>{token && <Credentials email action={t('setup.do')} send={async body => { await api.post('setup', { token, ...body }); setDone(true); }} />}</Gate>;
}
