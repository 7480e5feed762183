import { Outlet, useRouter } from '@tanstack/react-router';
import { RouterProvider } from 'react-aria-components';
import { ErrorBoundary } from '@/ui';

// React Aria's links go through the router too.
export function Root() {
    const router = useRouter();
    return <RouterProvider navigate={to => void router.navigate({ to })}><ErrorBoundary><Outlet /></ErrorBoundary></RouterProvider>;
}
