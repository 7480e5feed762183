// Every page by its address. Pages are fetched when they are gone to. Addresses of threats: see routes-path.ts.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect, type AnyRoute } from '@tanstack/react-router';
import { queries } from './api/queries';
import { Failed, Unknown } from './shell/unknown';
import { Root } from './shell/root';
import { Shell } from './shell/shell';

interface Context { client: QueryClient }
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const root = createRootRouteWithContext<Context>()({ component: Root, notFoundComponent: Unknown, errorComponent: Failed });
const inside = createRoute({
    getParentRoute: () => root, id: 'inside', component: Shell,
    validateSearch: (search: Record<string, unknown>): { assessment?: string; figure?: string; place?: string } => ({ ...search, assessment: text(search.assessment), figure: text(search.figure), place: text(search.place) }),
    beforeLoad: async ({ context, location }) => {
        const session = await context.client.ensureQueryData(queries.session());
        if (!session) throw redirect({ to: '/sign-in', search: { to: location.pathname === '/' ? undefined : location.href } });
    },
});

const page = (path: string, load: () => Promise<{ default: React.ComponentType }>) => createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load) }) as AnyRoute;
const open = (path: string, load: () => Promise<{ default: React.ComponentType }>) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load), validateSearch: (search: Record<string, unknown>): { to?: string } => ({ to: text(search.to) }) }) as AnyRoute;

const pages = [
    page('/', () => import('./pages/overview')),
    page('/threats', () => import('./pages/threats')),
    page('/threats/$area/$name', () => import('./pages/threat')),
    page('/signals', () => import('./pages/signals')),
    page('/signals/$signal', () => import('./pages/signals')),
    page('/map', () => import('./pages/map')),
    page('/data', () => import('./pages/data')),
    page('/data/$part', () => import('./pages/data')),
    page('/data/$part/$id', () => import('./pages/data')),
    page('/workbench', () => import('./pages/workbench')),
    page('/workbench/$part', () => import('./pages/workbench')),
    page('/decisions', () => import('./pages/decisions')),
    page('/decisions/$decision', () => import('./pages/decisions')),
    page('/desk', () => import('./pages/desk')),
    page('/desk/$part', () => import('./pages/desk')),
    page('/desk/$part/$id', () => import('./pages/desk')),
    page('/match', () => import('./pages/match')),
    page('/match/$part', () => import('./pages/match')),
    page('/profiles', () => import('./pages/profiles')),
    page('/profiles/$id', () => import('./pages/profiles/one')),
    page('/search', () => import('./pages/search')),
    page('/admin', () => import('./pages/admin')),
    page('/admin/$part', () => import('./pages/admin')),
    page('/account', () => import('./pages/account')),
];
const gates = [open('/sign-in', () => import('./pages/signin')), open('/setup', () => import('./pages/setup')), open('/invitation', () => import('./pages/invitation'))];

export function makeRouter(client: QueryClient) {
    return createRouter({ routeTree: root.addChildren([inside.addChildren(pages), ...gates]), context: { client }, defaultPreload: 'intent', scrollRestoration: true, defaultPendingMs: 200 });
}

