import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useEvidence } from './open';

const Panel = lazy(() => import('./panel'));

export function EvidenceDrawer() {
    const figure = useSearch({ strict: false, select: (search: { figure?: string }) => search.figure }), open = useEvidence();
    return figure ? <Suspense fallback={null}><Panel figure={figure} onClose={() => open(undefined)} /></Suspense> : null;
}
