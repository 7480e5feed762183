import type { ArisingSignal } from '@/api/types';
import { useNames } from '@/api/names';
import { Chart, fromSignal, TimeChart } from '@/charts';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';

export function Arising({ signals }: { signals: ArisingSignal[] }) {
    const { t, percent, period } = useText(), names = useNames();
    if (signals.length === 0) return <p className="muted">{t('overview.arising.none')}</p>;
    return (
        <>
            <p className="note">{t('overview.arising.about', { n: signals.length })}</p>
            <div className="multiples">
                {signals.slice(0, 6).map(({ signal: s }) => (
                    <Chart key={s.id} level={3} small title={<Link to={`/signals/${s.id}`}><span lang="en">{s.title}</span></Link>} about={`${period(s.period)} · ${s.threats.map(each => names.threat(each)).join(', ')} · ${t('overview.arising.false', { p: percent(s.q) })}`}>
                        <TimeChart points={fromSignal(s.points, s.period)} label={s.title} height={112} dots={false} />
                    </Chart>
                ))}
            </div>
        </>
    );
}
