// Private matching, as the API answers it (work/matching/records.hpp, store/matching.hpp).
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Page } from '@/api/types';

export const kKinds = ['phone', 'plate', 'vin', 'iban', 'passport', 'imei', 'wallet', 'company', 'person'] as const;
export const kOfCountry: readonly string[] = ['phone', 'plate', 'passport', 'company', 'person'];
export const kPaths = { status: 'matching/status', entries: 'matching/list', publish: 'matching/publish', ask: 'matching/queries', log: 'matching/queries', quotas: 'matching/quotas', contacts: 'matching/contacts', alarms: 'matching/alarms', sessions: 'matching/sessions' };

export interface Given { kind: string; value: string; country: string; born: string }
export interface Entry extends Given { id: string; case_reference: string; note: string; handling: string; organisation: string; person: string; at: string; published: boolean; removed: boolean }
export interface Refused { row: number; column: string; reason: string }
export interface Added { added: number; known: number; refused: Refused[]; warnings: { row: number; text: string }[] }
export interface Published { epoch: number; added: number; removed: number; values: number; base: boolean; changed: boolean }
export interface PeerAnswer { peer: string; query: string; state: string; problem: string; evaluations: number; left: number; hits: number[]; contact_request: string; contact_state: string }
export interface Outcome { peers: PeerAnswer[]; refused: Refused[]; warnings: { row: number; text: string }[] }
export interface Query { id: string; side: 'asked' | 'served'; party: string; at: string; person: string; case_reference: string; legal_basis: string; epoch: number; identifiers: number; evaluations: number; hits: number; state: string }
export interface Quota { side: 'asked' | 'served'; party: string; day: string; evaluations: number; most: number; queries: number; refused: number }
export interface Peer { organisation: string; address: string; fetched: string; epoch: number; values: number }
export interface Status { settings: { organisation: string; daily: number; cap: number; rekey_days: number }; published: string; entries: number; epoch: number; values: number; bytes: number; rekey_due: string; public_key: string; peers: Peer[]; open_alarms: number; open_contacts: number }
export interface Contact { id: string; query: string; asker: string; holder: string; case_reference: string; legal_basis: string; at: string; person: string; hits: number; state: string }
export interface Alarm { id: string; rule: string; side: string; party: string; day: string; text: string; at: string; state: string; steps: { action: string; text: string; at: string; person: string }[] }

export interface Session { terms: { id: string; kind: string; asker: string; holder: string; kinds: string[]; asker_cap: number; holder_cap: number; case_reference: string; legal_basis: string; until: string }; state: string; director: string; at: string; note: string; tries: number; common: number; peer_items: number; entries: string[] }

const kPaged = ['entries', 'log', 'contacts', 'alarms'];
export const useStatus = () => useQuery({ queryKey: ['match', 'status'], queryFn: ({ signal }) => api.get<Status>(kPaths.status, { signal }) });
export const useList = <T,>(what: 'entries' | 'log' | 'quotas' | 'contacts' | 'alarms' | 'sessions', enabled = true) => useQuery({ queryKey: ['match', what], enabled, queryFn: ({ signal }) => (kPaged.includes(what) ? api.all<T>(kPaths[what], { signal }) : api.get<Page<T>>(kPaths[what], { signal })) });
