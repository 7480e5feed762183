// A link inside the dashboard. Addresses are plain text; the assessment that is looked at stays with them.
import { Link as RouterLink, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Props { to: string; search?: Record<string, string | undefined>; children?: ReactNode; className?: string; 'aria-label'?: string; exact?: boolean; title?: string }

export function Link({ to, search, exact, ...rest }: Props) {
    return <RouterLink {...rest} to={to as '/'} search={((old: Record<string, unknown>) => ({ assessment: old.assessment, ...search })) as never} activeOptions={{ exact, includeSearch: false }} activeProps={{ className: [rest.className, 'active'].filter(Boolean).join(' ') }} />;
}

// The same by a press on something that is no link, such as a line of a table whose title is one.
export function useGo() {
    const navigate = useNavigate();
    return (to: string, { search, hash }: { search?: Record<string, string | undefined>; hash?: string } = {}) => void navigate({ to: to as '/', search: ((old: Record<string, unknown>) => ({ assessment: old.assessment, ...search })) as never, hash });
}
