import { useNames } from '@/api/names';
import type { ThreatPage } from '@/api/types';
import { Bars, Chart } from '@/charts';
import { Evidence } from '@/evidence/open';
import { useText } from '@/i18n';
import { BasisSign } from '@/ui';

export function Criteria({ page }: { page: ThreatPage }) {
    const { t, number, signed } = useText(), names = useNames(), sorted = [...page.threat.criteria].sort((a, b) => b.attribution - a.attribution);
    const up = sorted[0], down = sorted.at(-1);
    const said = (each: { criterion: string; attribution: number }) => `${names.criterion(each.criterion)} (${signed(each.attribution, 1)})`;
    return (
        <Chart title={up && t('threat.criteria.title', { up: names.criterion(up.criterion) })} about={t('threat.criteria.about')} foot={up && down && t('threat.criteria.pull', { up: said(up), down: said(down) })}
            table={{ heads: [t('evidence.criterion'), t('rank.score'), t('evidence.range'), t('threat.attribution')], rows: sorted.map(each => [names.criterion(each.criterion), number(each.score.q50, 0), `${number(each.score.q05, 0)}–${number(each.score.q95, 0)}`, signed(each.attribution, 1)]) }}>
            <Bars wide kind="bar" top={100} digits={0} label={t('threat.criteria')} lines={sorted.map(each => {
                const basis = each.measured > 0.02 ? 'measured' : each.judged > 0.02 ? 'judged' : 'imputed', own = each.figures[0];
                return { id: each.criterion, label: <span className="with-sign"><BasisSign basis={basis} /><span>{names.criterion(each.criterion)}<span className="hidden"> {t(`basis.${basis}`)}</span></span></span>, value: each.score.q50, low: each.score.q05, high: each.score.q95, basis, text: <Evidence figure={own} label={`${names.criterion(each.criterion)}: ${number(each.score.q50, 0)}`}>{number(each.score.q50, 0)}</Evidence> };
            })} />
        </Chart>
    );
}
