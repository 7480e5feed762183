// Icons of one weight, drawn here so that no set need be fetched. Decorative: the words stand beside them or in a label.
const kPaths = {
    overview: 'M3 13h6V3H3zM11 17h6V9h-6zM11 3v4h6V3zM3 17h6v-2H3z',
    threats: 'M10 3 18 17H2zM10 8v4M10 14.2v.3',
    signals: 'M2 11h3l2.5-7 4 13 2.5-6h4',
    map: 'M2 5l5-2 6 2 5-2v12l-5 2-6-2-5 2zM7 3v12M13 5v12',
    data: 'M3 5.5C3 4 6 3 10 3s7 1 7 2.5S14 8 10 8 3 7 3 5.5zM3 5.5v9C3 16 6 17 10 17s7-1 7-2.5v-9M3 10c0 1.5 3 2.5 7 2.5s7-1 7-2.5',
    workbench: 'M4 3v14M10 3v14M16 3v14M2 7h4M8 12h4M14 6h4',
    decisions: 'M4 10l4 4 8-9M3 17h14',
    desk: 'M3 4h14v9H9l-4 4v-4H3zM6.5 7.5h7M6.5 10h4.5',
    profiles: 'M5 2.5h7l4 4v11H5zM12 2.5v4h4M8 10h5M8 13h5',
    match: 'M7.5 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12.5 5a5 5 0 1 1 0 10 5 5 0 0 1 0-10z',
    search: 'M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.5 13.5 18 18',
    admin: 'M10 3l6 2.5V10c0 4-2.5 6-6 7.5C6.5 16 4 14 4 10V5.5z',
    account: 'M10 3a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM3.5 17c.5-3.5 3-5 6.5-5s6 1.5 6.5 5',
    close: 'M4.5 4.5l11 11M15.5 4.5l-11 11',
    down: 'M5 8l5 5 5-5',
    up: 'M5 12l5-5 5 5',
    right: 'M8 5l5 5-5 5',
    check: 'M4 10.5l4 4 8-9',
    print: 'M6 7V3h8v4M6 14H3V7h14v7h-3M6 12h8v5H6z',
    download: 'M10 3v10M6 9.5l4 4 4-4M3 17h14',
    upload: 'M10 14V4M6 7.5l4-4 4 4M3 17h14',
    table: 'M3 4h14v12H3zM3 8h14M3 12h14M8 4v12',
    chart: 'M3 17h14M5 14V9M10 14V4M15 14v-3',
    play: 'M6 4l10 6-10 6z',
    pause: 'M6 4v12M14 4v12',
    plus: 'M10 4v12M4 10h12',
    minus: 'M4 10h12',
    info: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 9v5M10 6v.3',
    copy: 'M7 7h10v10H7zM3 13V3h10',
    menu: 'M3 5h14M3 10h14M3 15h14',
} as const;
export type IconName = keyof typeof kPaths;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
    return <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false"><path d={kPaths[name]} /></svg>;
}

export function Mark({ size = 26 }: { size?: number }) {
    return <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="var(--accent)" /><path d="M7 10h18" stroke="var(--on-accent)" strokeWidth="3" strokeLinecap="round" /><path d="M16 10v14" stroke="var(--on-accent)" strokeOpacity=".45" strokeWidth="7" strokeLinecap="round" /><circle cx="16" cy="16" r="3.2" fill="var(--on-accent)" /></svg>;
}
