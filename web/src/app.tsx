import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider as Pages } from '@tanstack/react-router';
import { ApiError, onSessionLost } from './api/client';
import { roleMay } from './api/may';
import { queries, roleNoted } from './api/queries';
import type { Role } from './api/types';
import { TextProvider } from './i18n';
import { makeRouter } from './routes';
import { ThemeProvider } from './shell/theme';
import { ToastProvider } from './ui';

const client = new QueryClient({ defaultOptions: { queries: { retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500), refetchOnWindowFocus: false, staleTime: 30_000 } } });
const router = makeRouter(client);
onSessionLost(() => { client.setQueryData(queries.session().queryKey, null); void router.invalidate(); });
// What the first view needs is asked for before the page has drawn anything.
const role = roleNoted();
void client.prefetchQuery(queries.session());
if (role) {
    const id = new URLSearchParams(location.search).get('assessment') ?? 'latest';
    void client.prefetchQuery(queries.region());
    if (roleMay(role as Role, 'threats')) {
        void client.prefetchQuery(queries.assessment(id));
        if (location.pathname === '/' || location.pathname === '/threats') void client.prefetchQuery(queries.threats(id));
    }
    if (location.pathname === '/') void import('./pages/overview');
}

export function App() {
    return <ThemeProvider><TextProvider><QueryClientProvider client={client}><ToastProvider><Pages router={router} /></ToastProvider></QueryClientProvider></TextProvider></ThemeProvider>;
}
