// Profiles of crime areas, as the API answers them (work/profiles, publish/profiles).
import type { ArisingSignal, Figure, Outlook, ThreatResult } from '@/api/types';

export interface Step { action: string; text: string; at: string; person: string; organisation: string }
export interface Line { id: string; area: string; title: string; organisation: string; edition: string; version: number; state: string; made: string; person: string; as_of: string; assessment: string; handling: string; originators: string[]; sent: string[]; statements: number; gaps: number; withheld: number; newest: boolean; steps: Step[] }
export interface Statement { key: string; nature: string; text: string; threat: string; figures: string[]; by: string[]; handling: string }
export interface Profile { id: string; organisation: string; area: string; title: string; version: number; edition: string; assessment: string; created_for: string; as_of: string; made: string; person: string; handling: string; originators: string[]; withheld: number; sections: { id: string; title: string; statements: Statement[] }[]; threats: ThreatResult[]; figures: Figure[]; outlooks: Outlook[]; signals: ArisingSignal[] }
export interface View extends Line { profile: Profile }
export interface Diff { from: string; to: string; summary: string; changes: { section: string; key: string; kind: string; before: string; after: string }[] }
export interface Sent { sent: string[]; here: string[]; refused: { organisation: string; why: string }[] }
export interface Subscription { organisation: string; areas: string[]; at: string; person: string }
export const kSections = ['overview', 'groups', 'modi_operandi', 'routes', 'places', 'victims', 'indicators', 'arising', 'forecasts', 'gaps'] as const;
export const stateKind = (state: string) => (state === 'published' ? 'good' : state === 'withdrawn' ? 'bad' : state === 'approved' ? 'accent' : 'judged') as 'good';
