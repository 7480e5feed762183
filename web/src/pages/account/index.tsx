import { useSession } from '@/api/queries';
import { useNames } from '@/api/names';
import { kLanguages, useText } from '@/i18n';
import { useChoices } from '@/shell/account-menu';
import { kThemes } from '@/shell/theme';
import { Facts, PageFrame, Section, Select } from '@/ui';
import { ChangePassword } from './password';
import { SecondFactor } from './second-factor';
import { Sessions } from './sessions';
import './account.css';

export default function Account() {
    const { t, known } = useText(), names = useNames(), session = useSession(), { theme, language, chooseTheme, chooseLanguage } = useChoices();
    if (!session) return null;
    return (
        <PageFrame title={t('account.title')} lead={t('account.lead', { name: session.name, role: t(`role.${session.role}`), organisation: names.member(session.organisation) })}>
            <div className="account">
                <Section title={t('nav.account')}><Facts items={[[t('account.name'), session.name], [t('account.organisation'), names.member(session.organisation)], [t('account.role'), t(`role.${session.role}`)], [t('account.clearance'), session.clearance], [t('account.purposes'), session.purposes.map(each => known('purpose', each, each)).join(', ')]]} /></Section>
                <Section title={t('account.settings')}>
                    <Select label={t('bar.language')} value={language} onChange={chooseLanguage} options={kLanguages.map(id => ({ id, label: t(`language.${id}`) }))} />
                    <Select label={t('bar.theme')} value={theme} onChange={chooseTheme} options={kThemes.map(id => ({ id, label: t(`theme.${id}`) }))} />
                </Section>
                <Section title={t('account.password')}><ChangePassword /></Section>
                <Section title={t('account.totp')} lead={t('account.totp.lead')}><SecondFactor /></Section>
                <Section title={t('account.sessions')} lead={t('account.sessions.lead')} className="wide"><Sessions /></Section>
            </div>
        </PageFrame>
    );
}
