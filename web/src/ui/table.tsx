// A table for any length: sorting by its heads, only the rows in view in the document, arrows between rows.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useText } from '@/i18n';
import { Icon } from './icons';

export interface Column<T> { id: string; title: string; cell: (row: T) => ReactNode; sort?: (row: T) => string | number | null; number?: boolean; width?: number | string }
export interface Sorting { column: string; descending: boolean }
interface Props<T> {
    label: string; columns: Column<T>[]; rows: T[]; keyOf: (row: T) => string; onOpen?: (row: T) => void; selected?: string;
    sorting?: Sorting; onSort?: (sorting: Sorting) => void;   // sorting by the server; without onSort the rows here are sorted
    height?: number; empty?: ReactNode;
}
const kVirtualFrom = 60, kShort = 14;   // rows: from where only those in view are drawn; up to where the table is as long as it is

export function Table<T>({ label, columns, rows, keyOf, onOpen, selected, sorting, onSort, height = 560, empty }: Props<T>) {
    const { t, locale } = useText(), frame = useRef<HTMLDivElement>(null);
    const [own, setOwn] = useState<Sorting | null>(sorting ?? null), active = onSort ? (sorting ?? null) : own;
    const [focused, setFocused] = useState(0);
    const sorted = useMemo(() => {
        const by = !onSort && active ? columns.find(each => each.id === active.column)?.sort : undefined;
        if (!by || !active) return rows;
        const collator = new Intl.Collator(locale, { numeric: true }), sign = active.descending ? -1 : 1;
        return [...rows].sort((a, b) => {
            const x = by(a), y = by(b);
            if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;   // unknown last, both ways
            return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y)));
        });
    }, [rows, columns, active, onSort, locale]);
    const virtual = sorted.length > kVirtualFrom;
    const virtualizer = useVirtualizer({ count: virtual ? sorted.length : 0, getScrollElement: () => frame.current, estimateSize: () => 36, overscan: 12 });
    const items = virtualizer.getVirtualItems(), first = virtual ? (items[0]?.index ?? 0) : 0;
    const shown = virtual ? items.map(each => sorted[each.index]!) : sorted;
    const before = virtual ? (items[0]?.start ?? 0) : 0, after = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

    const sortBy = (column: string) => {
        const next = { column, descending: active?.column === column ? !active.descending : false };
        if (onSort) onSort(next);
        else setOwn(next);
    };
    const move = (event: KeyboardEvent, index: number, row: T) => {
        const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: sorted.length - 1, PageDown: index + 10, PageUp: index - 10 }[event.key];
        if (event.target !== event.currentTarget) return;
        if ((event.key === 'Enter' || event.key === ' ') && onOpen) {
            event.preventDefault();
            onOpen(row);
        } else if (to !== undefined) {
            event.preventDefault();
            const next = Math.min(sorted.length - 1, Math.max(0, to));
            setFocused(next);
            if (virtual) virtualizer.scrollToIndex(next);
            requestAnimationFrame(() => requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`tr[aria-rowindex="${next + 2}"]`)?.focus()));
        }
    };
    const current = Math.min(focused, Math.max(0, sorted.length - 1)), reachable = shown.length > 0 && current >= first && current < first + shown.length ? current : first;
    return (
        <div className="table-frame" ref={frame} style={sorted.length > kShort ? { maxHeight: height } : undefined} tabIndex={onOpen ? undefined : 0} role="region" aria-label={label}>
            <table className="table" aria-rowcount={sorted.length + 1} aria-label={label}>
                <thead>
                    <tr aria-rowindex={1}>
                        {columns.map(each => each.title === '' ? <td key={each.id} /> : (
                            <th key={each.id} scope="col" className={each.number ? 'num' : undefined} style={each.width ? { width: each.width } : undefined} aria-sort={active?.column === each.id ? (active.descending ? 'descending' : 'ascending') : undefined}>
                                {each.sort ? <button type="button" onClick={() => sortBy(each.id)} title={t('do.sort', { column: each.title })}>{each.title}{active?.column === each.id && <Icon name={active.descending ? 'down' : 'up'} size={12} />}</button> : each.title}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {before > 0 && <tr className="spacer" aria-hidden="true"><td colSpan={columns.length} style={{ height: before }} /></tr>}
                    {shown.map((row, i) => {
                        const index = first + i, key = keyOf(row);
                        return (
                            <tr key={key} data-index={index} ref={virtual ? virtualizer.measureElement : undefined} aria-rowindex={index + 2} {...(onOpen ? { tabIndex: index === reachable ? 0 : -1, onClick: () => onOpen(row), onKeyDown: (event: KeyboardEvent) => move(event, index, row), onFocus: () => setFocused(index) } : {})} data-selected={selected === key || undefined}>
                                {columns.map(each => <td key={each.id} className={each.number ? 'num' : undefined}>{each.cell(row)}</td>)}
                            </tr>
                        );
                    })}
                    {after > 0 && <tr className="spacer" aria-hidden="true"><td colSpan={columns.length} style={{ height: after }} /></tr>}
                    {sorted.length === 0 && <tr><td colSpan={columns.length} className="muted">{empty ?? t('empty.nothing')}</td></tr>}
                </tbody>
            </table>
        </div>
    );
}
