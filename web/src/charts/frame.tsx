// What every chart has: the finding as its title, what is drawn below it, the drawing at the width there is, its
// numbers as a table instead, and notes at the foot.
import { useCallback, useState, type ReactNode } from 'react';
import { useText } from '@/i18n';
import { Button } from '@/ui/button';

export function useWidth(initial = 360) {
    const [width, setWidth] = useState(initial);
    const ref = useCallback((element: HTMLElement | null) => {
        if (!element) return;
        const measure = () => { const now = Math.round(element.clientWidth); if (now > 0) setWidth(now); };
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        return () => observer.disconnect();
    }, []);
    return [ref, width] as const;
}

export interface TableAlternative { heads: string[]; rows: (string | number)[][] }
interface Props { title?: ReactNode; about?: ReactNode; foot?: ReactNode; table?: TableAlternative; children: ReactNode; level?: 2 | 3 | 4; small?: boolean }

export function Chart({ title, about, foot, table, children, level = 3, small = level === 4 }: Props) {
    const { t } = useText(), [asTable, setAsTable] = useState(false), Heading = `h${level}` as const;
    return (
        <figure className="chart">
            {(title || about || table) && (
                <figcaption className="chart-head">
                    <div className="grow">{title && <Heading className={small ? 'finding small' : 'finding'}>{title}</Heading>}{about && <p className="note">{about}</p>}</div>
                    {table && <span className="no-print"><Button variant="quiet" small icon={asTable ? 'chart' : 'table'} aria-label={t(asTable ? 'do.as_chart' : 'do.as_table')} onPress={() => setAsTable(!asTable)} /></span>}
                </figcaption>
            )}
            {asTable && table ? (
                <div className="table-frame chart-table" tabIndex={0} role="region" aria-label={t('do.as_table')}>
                    <table className="table"><thead><tr>{table.heads.map((each, i) => <th key={i} scope="col" className={i ? 'num' : undefined}>{each}</th>)}</tr></thead><tbody>{table.rows.map((row, r) => <tr key={r}>{row.map((each, i) => <td key={i} className={i ? 'num' : undefined}>{each}</td>)}</tr>)}</tbody></table>
                </div>
            ) : children}
            {foot && <p className="note chart-foot">{foot}</p>}
        </figure>
    );
}

export const Hatch = ({ id }: { id: string }) => <defs><pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--imputed-ground)" /><line x1="0" y1="0" x2="0" y2="5" stroke="var(--imputed-line)" strokeWidth="1.4" /></pattern></defs>;
