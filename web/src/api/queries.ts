// What the pages ask for, by name. The assessment is 'latest' unless the address names another.
import { useQuery, useQueryClient, queryOptions } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, ApiError, setCsrf } from './client';
import type { AssessmentHead, AssessmentLine, Changes, Decision, Figure, FollowedSignal, Page, Region, Session, SessionLine, ThreatPage, ThreatResult } from './types';
import type { FeatureCollection } from 'geojson';

const kLong = 5 * 60_000, kSigned = 'threatlas.signed';

// Before the session is asked for: somebody signed in here, or is about to elsewhere (OIDC).
export const noteSigned = (role = '1') => localStorage.setItem(kSigned, role);
export const roleNoted = () => localStorage.getItem(kSigned);

export const queries = {
    session: () => queryOptions({
        queryKey: ['session'], staleTime: kLong, retry: false,
        queryFn: async ({ signal }) => {
            // A browser that never signed in need not ask, and is not told 401.
            if (!localStorage.getItem(kSigned)) return null;
            try {
                const session = await api.get<Session>('session', { signal });
                setCsrf(session.csrf);
                noteSigned(session.role);
                return session;
            } catch (error) {
                if (error instanceof ApiError && error.status === 401) {
                    localStorage.removeItem(kSigned);
                    return null;
                }
                throw error;
            }
        },
    }),
    region: () => queryOptions({ queryKey: ['region'], staleTime: kLong * 12, queryFn: ({ signal }) => api.get<Region>('region', { signal }) }),
    map: () => queryOptions({ queryKey: ['map'], staleTime: kLong * 12, queryFn: ({ signal }) => api.get<FeatureCollection>('region/map', { signal, headers: { Accept: 'application/geo+json, application/json' } }) }),
    assessments: () => queryOptions({ queryKey: ['assessments'], staleTime: 60_000, queryFn: ({ signal }) => api.get<Page<AssessmentLine>>('assessments', { signal }) }),
    assessment: (id: string) => queryOptions({ queryKey: ['assessment', id], staleTime: kLong, queryFn: ({ signal }) => api.get<AssessmentHead>(`assessments/${id}`, { signal }) }),
    threats: (id: string) => queryOptions({ queryKey: ['assessment', id, 'threats'], staleTime: kLong, queryFn: ({ signal }) => api.all<ThreatResult>(`assessments/${id}/threats`, { signal }) }),
    threat: (id: string, threat: string) => queryOptions({ queryKey: ['assessment', id, 'threat', threat], staleTime: kLong, queryFn: ({ signal }) => api.get<ThreatPage>(`assessments/${id}/threats/${encodeURIComponent(threat)}`, { signal }) }),
    figure: (id: string, figure: string) => queryOptions({ queryKey: ['assessment', id, 'figure', figure], staleTime: kLong, queryFn: ({ signal }) => api.get<Figure>(`assessments/${id}/figures/${figure}`, { signal }) }),
    changes: (id: string, since?: string) => queryOptions({ queryKey: ['assessment', id, 'changes', since], staleTime: kLong, queryFn: ({ signal }) => api.get<Changes>(`assessments/${id}/changes`, { signal, query: { since } }) }),
    signals: () => queryOptions({ queryKey: ['signals'], staleTime: 30_000, queryFn: ({ signal }) => api.all<FollowedSignal>('signals', { signal }) }),
    decisions: () => queryOptions({ queryKey: ['decisions'], staleTime: 30_000, queryFn: ({ signal }) => api.all<Decision>('decisions', { signal }) }),
    sessions: () => queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }) => api.get<Page<SessionLine>>('sessions', { signal }) }),
};

export function useSession() { return useQuery(queries.session()).data ?? null; }
export function useRegion() { return useQuery(queries.region()).data; }
export function useAssessmentId() { return useSearch({ strict: false, select: (search: { assessment?: string }) => search.assessment }) ?? 'latest'; }
export function useForget() {
    const client = useQueryClient();
    return (...key: string[]) => client.invalidateQueries({ queryKey: key });
}
