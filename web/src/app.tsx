import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider as Pages } from '@tanstack/react-router';
import { ApiError, onSessionLost } from './api/client';
import { queries } from './api/queries';
import { TextProvider } from './i18n';
import { makeRouter } from './routes';
import { ThemeProvider } from './shell/theme';
import { ToastProvider } from './ui';

const client = new QueryClient({ defaultOptions: { queries: { retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500), refetchOnWindowFocus: false, staleTime: 30_000 } } });
const router = makeRouter(client);
onSessionLost(() => { client.setQueryData(queries.session().queryKey, null); void router.invalidate(); });
// What the first view needs is asked for before the page has drawn anything.
void client.prefetchQuery(queries.session());

export function App() {
    return <ThemeProvider><TextProvider><QueryClientProvider client={client}><ToastProvider><Pages router={router} /></ToastProvider></QueryClientProvider></TextProvider></ThemeProvider>;
}
