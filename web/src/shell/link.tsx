// A link inside the dashboard. Addresses are plain text; the assessment that is looked at stays with them.
import { Link as RouterLink } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Props { to: string; search?: Record<string, string | undefined>; children?: ReactNode; className?: string; 'aria-label'?: string; exact?: boolean; title?: string }

export function Link({ to, search, exact, ...rest }: Props) {
    return <RouterLink {...rest} to={to as '/'} search={((old: Record<string, unknown>) => ({ assessment: old.assessment, ...search })) as never} activeOptions={{ exact, includeSearch: false }} activeProps={{ className: [rest.className, 'active'].filter(Boolean).join(' ') }} />;
}
