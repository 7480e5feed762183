// Who is shown what: the places a role can do something with. What one may is decided by the server's table of rights
// (docs/RIGHTS.md); this only spares asking for what would be refused.
import type { Role } from './types';
import { useSession } from './queries';

const kMay = {
    threats: ['contributor', 'analyst', 'director', 'contact_point', 'administrator'],
    signals: ['analyst', 'director', 'contact_point', 'administrator'],
    decisions: ['analyst', 'director', 'contact_point', 'auditor'],
    decide: ['director'],
    workbench: ['analyst', 'director', 'contact_point'],
    desk: ['analyst', 'director', 'contact_point', 'administrator', 'contributor', 'auditor'],
    match: ['analyst', 'director', 'contact_point', 'auditor', 'administrator'],
    profiles: ['analyst', 'director', 'contact_point', 'auditor'],
    ingest: ['contributor', 'analyst'],
    people: ['administrator', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;
export type Right = keyof typeof kMay;

export const roleMay = (role: Role | undefined, what: Right) => role !== undefined && (kMay[what] as readonly Role[]).includes(role);
export function useMay() {
    const role = useSession()?.role;
    return (what: Right) => roleMay(role, what);
}
