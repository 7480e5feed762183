// A number that opens what it rests on: ?figure=F-… in the address, so that evidence can be linked to.
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function useEvidence() {
    const navigate = useNavigate();
    return (figure: string | undefined) => void navigate({ to: '.', search: ((old: Record<string, unknown>) => ({ ...old, figure })) as never, replace: figure === undefined, resetScroll: false });
}

export function Evidence({ figure, children, label }: { figure: string | undefined; children: ReactNode; label?: string }) {
    const open = useEvidence();
    return figure ? <button type="button" className="evidence" aria-label={label} data-figure={figure} onClick={() => open(figure)}>{children}</button> : <>{children}</>;
}
