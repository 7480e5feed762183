import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { address } from '@/api/client';
import { useText } from '@/i18n';
import { Icon } from '@/ui';

export function ReportMenu({ assessment }: { assessment: string }) {
    const { t } = useText(), report = (format: string) => address(`assessments/${assessment}/report`, { format, edition: 'restricted' });
    return (
        <MenuTrigger>
            <Button className="button"><Icon name="download" size={18} />{t('overview.report')}</Button>
            <Popover className="popover" placement="bottom end">
                <Menu aria-label={t('overview.report')}>
                    {(['pdf', 'html', 'xlsx'] as const).map(each => <MenuItem key={each} className="option" href={report(each)} target="_blank">{t(`overview.report.${each}`)}</MenuItem>)}
                    <MenuItem className="option" href={address(`assessments/${assessment}/threats`, { format: 'csv' })} target="_blank">{t('overview.report.csv')}</MenuItem>
                </Menu>
            </Popover>
        </MenuTrigger>
    );
}
