// Probability of each rank: a strip for one threat, a heat map for all.
import { useText } from '@/i18n';

export function AcceptabilityStrip({ values, rank, label }: { values: number[]; rank: number; label: string }) {
    const { percent, number, t } = useText(), most = Math.max(...values, 0.0001);
    return (
        <div className="strip" role="img" aria-label={`${label}: ${values.map((v, i) => [v, i] as const).sort((a, b) => b[0] - a[0]).slice(0, 3).map(([v, i]) => `${i + 1}: ${percent(v)}`).join(', ')}`}>
            <div className="strip-bars">{values.map((v, i) => <div key={i} className={i + 1 === rank ? 'here' : undefined} title={t('rank.chance', { rank: i + 1, p: percent(v) })}><i style={{ height: `${(v / most) * 100}%` }} /></div>)}</div>
            <div className="strip-axis">{values.map((_, i) => <span key={i}>{i === 0 || (i + 1) % 5 === 0 ? number(i + 1) : ''}</span>)}</div>
        </div>
    );
}

export function AcceptabilityHeat({ lines, label }: { lines: { id: string; title: string; values: number[] }[]; label: string }) {
    const { percent, t } = useText(), most = Math.max(...lines.flatMap(l => l.values), 0.0001), n = lines[0]?.values.length ?? 0;
    return (
        <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
            <table className="heat" aria-label={label}>
                <thead><tr><th scope="col">{t('rank.threat')}</th>{Array.from({ length: n }, (_, i) => <th key={i} scope="col">{i + 1}</th>)}</tr></thead>
                <tbody>{lines.map(line => <tr key={line.id}><th scope="row">{line.title}</th>{line.values.map((v, i) => <td key={i} title={`${line.title}: ${t('rank.chance', { rank: i + 1, p: percent(v) })}`}><i style={{ opacity: v < 0.002 ? 0 : 0.04 + 0.96 * (v / most) ** 0.8 }} /><span className="hidden">{percent(v)}</span></td>)}</tr>)}</tbody>
            </table>
        </div>
    );
}
