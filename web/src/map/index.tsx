// The map, fetched when it is first shown: d3-geo and the outlines are no part of the first view.
import { lazy, Suspense } from 'react';
import { Skeleton } from '@/ui';
import type { RegionMapProps } from './region-map';

export type { Flow, MapFrame, Place, RegionMapProps, Route } from './region-map';
const Lazy = lazy(() => import('./region-map'));

export function RegionMap(props: RegionMapProps) {
    return <Suspense fallback={<Skeleton height={props.height ?? 380} />}><Lazy {...props} /></Suspense>;
}
