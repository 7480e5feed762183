import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator, type Key } from 'react-aria-components';
import { api, setCsrf } from '@/api/client';
import { queries, useSession } from '@/api/queries';
import { kLanguages, useLanguage, useText, type Language } from '@/i18n';
import { Icon, useToast } from '@/ui';
import { kThemes, useTheme, type Theme } from './theme';

const initials = (name: string) => name.split(/\s+/).filter(Boolean).slice(0, 2).map(each => each[0]!.toUpperCase()).join('');
const only = (keys: 'all' | Set<Key>) => (keys === 'all' ? undefined : String([...keys][0] ?? ''));

export function useSignOut() {
    const client = useQueryClient(), navigate = useNavigate(), toast = useToast();
    return async () => {
        try { await api.delete('session'); } catch (error) { return void toast.error(error); }
        setCsrf('');
        client.clear();
        client.setQueryData(queries.session().queryKey, null);
        void navigate({ to: '/sign-in' as '/' });
    };
}

// The choice is kept with the account too, so that it follows to another machine.
export function useChoices() {
    const [theme, setTheme] = useTheme(), [language, setLanguage] = useLanguage();
    const keep = (choice: object) => void api.patch('account', choice).catch(() => undefined);
    return { theme, language, chooseTheme: (next: Theme) => { setTheme(next); keep({ theme: next }); }, chooseLanguage: (next: Language) => { setLanguage(next); keep({ language: next }); } };
}

export function AccountMenu() {
    const { t } = useText(), session = useSession(), navigate = useNavigate(), signOut = useSignOut(), { theme, language, chooseTheme, chooseLanguage } = useChoices();
    if (!session) return null;
    const mark = ({ isSelected }: { isSelected: boolean }, label: string) => <><span>{label}</span>{isSelected && <span className="mark"><Icon name="check" size={16} /></span>}</>;
    return (
        <MenuTrigger>
            <Button className="button quiet icon" aria-label={`${t('bar.menu')}: ${session.name}`}><span className="person" aria-hidden="true" data-initials={initials(session.name)} /></Button>
            <Popover className="popover" placement="bottom end">
                <Menu>
                    <MenuSection aria-label={t('nav.account')}>
                        <Header className="option-head"><b>{session.name}</b><span className="note">{t(`role.${session.role}`)} · {session.organisation}</span></Header>
                        <MenuItem className="option" onAction={() => void navigate({ to: '/account' as '/' })}><Icon name="account" size={16} />{t('nav.account')}</MenuItem>
                    </MenuSection>
                    <Separator className="option-line" />
                    <MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[language]} onSelectionChange={keys => { const key = only(keys); if (key) chooseLanguage(key as Language); }}>
                        <Header className="option-title">{t('bar.language')}</Header>
                        {kLanguages.map(each => <MenuItem key={each} id={each} className="option" textValue={t(`language.${each}`)}>{state => mark(state, t(`language.${each}`))}</MenuItem>)}
                    </MenuSection>
                    <Separator className="option-line" />
                    <MenuSection selectionMode="single" disallowEmptySelection selectedKeys={[theme]} onSelectionChange={keys => { const key = only(keys); if (key) chooseTheme(key as Theme); }}>
                        <Header className="option-title">{t('bar.theme')}</Header>
                        {kThemes.map(each => <MenuItem key={each} id={each} className="option" textValue={t(`theme.${each}`)}>{state => mark(state, t(`theme.${each}`))}</MenuItem>)}
                    </MenuSection>
                    <Separator className="option-line" />
                    <MenuItem className="option" onAction={() => void signOut()}>{t('bar.sign_out')}</MenuItem>
                </Menu>
            </Popover>
        </MenuTrigger>
    );
}
