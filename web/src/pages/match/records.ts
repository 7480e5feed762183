// Private matching, as the API answers it (store/matching.hpp, exchange/identifiers).
export const kKinds = ['phone', 'plate', 'vin', 'iban', 'passport', 'imei', 'wallet', 'company', 'person'] as const;
export type Kind = (typeof kKinds)[number];
export const kOfCountry: readonly string[] = ['phone', 'plate', 'passport', 'company', 'person'];
export interface Given { kind: string; value: string; country: string; born: string }
export interface Entry { id: string; kind: string; value: string; country: string; born: string; case_reference: string; note: string; handling: string; organisation: string; person: string; at: string; published: boolean; removed: boolean }
export interface Query { id: string; side: 'asked' | 'served'; party: string; at: string; person: string; case_reference: string; legal_basis: string; epoch: number; identifiers: number; evaluations: number; hits: number; state: string }
export interface Party { organisation: string; address: string; epoch?: number; size?: number; fetched?: string; most?: number; used?: number; asked_us?: number; state?: string }
export interface Found { party: string; hit: boolean; given?: number; identifier?: string; kind?: string; request?: string; error?: string }
