import type { ReactNode } from 'react';
import { useText } from '@/i18n';

export type BadgeKind = 'measured' | 'judged' | 'imputed' | 'rising' | 'falling' | 'good' | 'bad' | 'accent' | 'plain';

export function Badge({ kind = 'plain', children }: { kind?: BadgeKind; children: ReactNode }) {
    return <span className={'badge ' + kind}>{children}</span>;
}

// A second sign beside the colour: full square measured, half judged, hatched not known.
export function BasisSign({ basis, size = 9 }: { basis: string; size?: number }) {
    return (
        <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden="true">
            {basis === 'measured' ? <rect width="10" height="10" rx="2" fill="var(--measured-fill)" /> : basis === 'judged' ? <><rect x=".7" y=".7" width="8.6" height="8.6" rx="2" fill="none" stroke="var(--judged)" strokeWidth="1.4" /><path d="M1 9 9 1V9z" fill="var(--judged)" /></> : <><rect x=".7" y=".7" width="8.6" height="8.6" rx="2" fill="none" stroke="var(--imputed-line)" strokeWidth="1.4" /><path d="M1 6 6 1M4 9l5-5" stroke="var(--imputed-line)" strokeWidth="1.3" /></>}
        </svg>
    );
}

export function BasisBadge({ basis }: { basis: string }) {
    const { t } = useText(), kind = basis === 'measured' || basis === 'judged' ? basis : 'imputed';
    return <Badge kind={kind}><BasisSign basis={kind} />{t(`basis.${kind}`)}</Badge>;
}

export function TrendSign({ word, size = 11 }: { word: string; size?: number }) {
    return (
        <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
            {word === 'rising' ? <path d="M1 10.5 6 1.5l5 9z" fill="var(--rising)" /> : word === 'falling' ? <path d="M1 1.5 6 10.5l5-9z" fill="var(--falling)" /> : word === 'stable' ? <rect x="1" y="4.2" width="10" height="3.6" fill="var(--muted)" /> : <path d="M2 6h2.5M7.5 6H10" stroke="var(--muted)" strokeWidth="1.6" />}
        </svg>
    );
}

export function trendKey(word: string) {
    return word === 'rising' || word === 'falling' || word === 'stable' ? (`trend.${word}` as const) : word === '' || word === 'not assessed' ? ('trend.not_assessed' as const) : ('trend.uncertain' as const);
}

export function TrendBadge({ word }: { word: string }) {
    const { t } = useText();
    return <Badge kind={word === 'rising' ? 'rising' : word === 'falling' ? 'falling' : 'plain'}><TrendSign word={word} />{t(trendKey(word))}</Badge>;
}
