import type { Outlook } from '@/api/types';
import { probably } from '@/api/words';
import { Chart, fromFan, quantile, TimeChart } from '@/charts';
import { Evidence } from '@/evidence/open';
import { useText } from '@/i18n';

export function Forecasts({ outlooks }: { outlooks: Outlook[] }) {
    const text = useText(), { t, number, period } = text;
    return (
        <div className="forecasts">
            {outlooks.filter(each => each.fan.length > 0).map(each => {
                const months = each.kind === 'months', up = each.p_rise >= 0.5, said = each.p_rise < 0 ? '' : probably(up ? each.p_rise : 1 - each.p_rise, text), end = months ? each.fan.at(-1)!.period : each.fan[0]!.period;
                const title = said ? t(months ? (up ? 'threat.forecast.months' : 'threat.forecast.months.fewer') : up ? 'threat.forecast.years' : 'threat.forecast.years.fewer', { word: said, period: period(end), next: number(each.next), last: number(each.last) }) : each.title;
                return (
                    <Chart key={each.series + each.indicator + each.figure} title={each.figure ? <Evidence figure={each.figure}>{title}</Evidence> : title} about={<>{t('threat.forecast.about', { title: '' }).replace(/^\. /, '')} <span lang="en">{each.title}.</span></>} foot={<span lang="en">{each.method}</span>}
                        table={{ heads: [t('period'), t('value'), '80 %', '95 %'], rows: [...each.history.slice(-24).map(p => [period(p.period), number(p.value), '', '']), ...each.fan.map(f => [period(f.period), number(quantile(f.quantiles, 0.5)), `${number(quantile(f.quantiles, 0.1))}–${number(quantile(f.quantiles, 0.9))}`, `${number(quantile(f.quantiles, 0.025))}–${number(quantile(f.quantiles, 0.975))}`])] }}>
                        <TimeChart points={fromFan(each.history, each.fan)} label={each.title} height={230} />
                    </Chart>
                );
            })}
        </div>
    );
}
