import type { ArisingSignal } from '@/api/types';
import { useNames } from '@/api/names';
import { useSignalWords } from '@/api/signal-words';
import { Chart, fromSignal, TimeChart } from '@/charts';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';

export function Arising({ signals }: { signals: ArisingSignal[] }) {
    const { t, percent, period } = useText(), names = useNames(), words = useSignalWords();
    if (signals.length === 0) return <p className="muted">{t('overview.arising.none')}</p>;
    return (
        <>
            <p className="note">{t('overview.arising.about', { n: signals.length })}</p>
            <div className="multiples">
                {signals.slice(0, 6).map(({ signal: s }) => (
                    <Chart key={s.id} level={3} small title={<Link to={`/signals/${s.id}`}><span lang={words.title(s).lang}>{words.title(s).text}</span></Link>} about={`${period(s.period)} · ${s.threats.map(each => names.threat(each)).join(', ')} · ${t('overview.arising.false', { p: percent(s.q) })}`}>
                        <TimeChart points={fromSignal(s.points, s.period)} label={words.title(s).text} height={112} dots={false} />
                    </Chart>
                ))}
            </div>
        </>
    );
}
