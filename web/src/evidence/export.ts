import type { FigureRow } from '@/api/types';

// Cells that a spreadsheet would run as a formula are quoted with an apostrophe.
const cell = (value: unknown) => { const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value); const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? "'" + text : text; return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe; };
const kColumns = ['source', 'submission', 'file', 'row', 'what', 'place', 'member', 'period', 'state', 'value', 'upper', 'unit', 'dims', 'flags', 'handling', 'text'] as const;

export const rowsAsCsv = (rows: FigureRow[]) => '\ufeff' + [kColumns.join(','), ...rows.map(row => kColumns.map(name => cell(row[name])).join(','))].join('\r\n') + '\r\n';

export function save(name: string, type: string, text: string) {
    const link = document.createElement('a'), url = URL.createObjectURL(new Blob([text], { type }));
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
