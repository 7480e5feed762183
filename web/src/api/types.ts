// The API's records as the dashboard reads them; names are those of the model's field lists (see /api/v1/openapi.json).
export interface Page<T> { items: T[]; next?: string; total: number }
export interface Problem { type?: string; title?: string; status: number; detail: string; code: string; instance?: string; where?: { source?: string; row?: number; column?: string } }

export type Role = 'contributor' | 'analyst' | 'director' | 'contact_point' | 'auditor' | 'administrator';
export interface Session { account: string; name: string; organisation: string; role: Role; clearance: string; csrf: string; purposes: string[]; language: string; theme?: string; totp?: boolean; recovery_codes_left?: number }
export interface SessionLine { id: string; current?: boolean; created?: string; last_used?: string; last_seen?: string; expires?: string; address?: string; agent?: string }

export interface Distribution { mean: number; q05: number; q25: number; q50: number; q75: number; q95: number; sd: number }
export interface Part { id: string; title: string; value: number; low: number; high: number }
export interface SeriesPoint { period: string; value: number | null; low: number | null; high: number | null }
export interface CriterionResult { criterion: string; attribution: number; figures: string[]; imputed: number; judged: number; measured: number; score: Distribution }
export interface LensResult { lens: string; assessed: boolean; figures: string[]; would_help: string }
export interface Trend { figure: string; p_rising: number; percent_per_year: Distribution; word: 'rising' | 'falling' | 'stable' | 'uncertain' | 'not assessed' | '' }
export interface ThreatResult {
    threat: string; title: string; area: string; rank: number; rank_low: number; rank_high: number; previous_rank: number; rank_measured_only: number; expected_rank: number; band: number;
    full_range_low: number; full_range_high: number; score: Distribution; p_first: number; p_top5: number; measured: number; judged: number; imputed: number; confidence: number;
    acceptability: number[]; central_weights: Record<string, number>; criteria: CriterionResult[]; lenses: LensResult[]; trend: Trend; modi_operandi: string[]; roles: string[];
    graver_than: Record<string, number>; flip_with: string; flip_distance: number; moved_by_data: number; moved_by_method: number; moved_by_weights: number;
}
export interface FigureRow { source: string; submission: string; file: string; row: number; what: string; place: string; member: string; period: string; state: string; unit: string; dims: string | Record<string, string>; flags: string | string[]; handling: string; text: string; value: number | null; upper: number | null }
export interface Figure {
    id: string; title: string; threat: string; lens: string; criterion: string; indicator: string; measure: string; basis: 'measured' | 'judged' | string; member: string; place: string; nature: string; unit: string;
    value: Distribution; score: Distribution; series: SeriesPoint[]; parts: Part[]; formula: string; citation: string; note: string; sources: string[]; contributors: string[];
    completeness: number; from: string; to: string; handling: string; already_public: boolean; rows?: FigureRow[]; row_count: number; rows_hidden: number;
}
export interface FanPoint { period: string; mean: number; quantiles: number[] }
export interface Outlook { threat: string; title: string; kind: 'months' | 'years'; series: string; figure: string; indicator: string; unit: string; method: string; source: string; history: SeriesPoint[]; fan: FanPoint[]; parts: Part[]; p_rise: number; last: number; next: number; next_low: number; next_high: number }
export interface SignalPoint { period: string; value: number | null; expected: number; high: number; known: boolean }
export interface Signal { id: string; title: string; sentence: string; kind: string; threats: string[]; area: string; place: string; member: string; period: string; began: string; seen: number; expected: number; low: number; high: number; q: number; p: number; points: SignalPoint[]; source: string; handling: string; what: string; modus_operandi: string; would_be_false: string[]; row_count: number; detector: string; step: string; also_at: { title: string; series: string; seen: number; expected: number; share: number }[]; as_of: string; dims: Record<string, string>; series: string; completeness: number }
export interface FollowedSignal extends Signal { state: string; opened: string; last: string; outcome: string; steps?: { action?: string; state?: string; outcome?: string; text?: string; at?: string; by?: string }[] }
export interface ArisingSignal { signal: Signal; last: string }
export interface Gap { id?: string; threat: string; criterion: string; lens: string; member: string; question: string; information: number }
export interface Manifest { as_of: string; catalogue_id: string; catalogue_version: string; catalogue_hash: string; created_for: string; draws: number; inputs: Record<string, string>; left_out: string[]; method: string; seed: number; snapshot_hash: string; software: string }
export interface AssessmentHead { id: string; manifest: Manifest; diagnostics: Record<string, number | string[]>; profiles: { profile: string; title: string; spearman: number; ranks: Record<string, number> }[]; skill: Record<string, number | string>[]; threats: number; figures: number; arising: { newest: Record<string, string>; months: number; budget: number; expected_false: number; series: number; tests: number; notes: string[]; threats: string[]; signals: ArisingSignal[] } }
export interface AssessmentLine { id: string; created_for: string; content_hash: string; as_of: string; handling: string }
export interface ThreatPage { assessment: string; of: number; threat: ThreatResult; figures: Figure[]; outlooks: Outlook[]; signals: ArisingSignal[]; gaps: Gap[]; members: { member: string; rank: number; rank_low: number; rank_high: number; expected_rank: number; score: Distribution; measured: number; judged: number; imputed: number }[] }
export interface ThreatChange { threat: string; title: string; rank_before: number; rank_after: number; score_before: number; score_after: number; data: number; method: number; weights: number; criteria: Part[] }
export interface Changes { assessment: string; since: string; threats: ThreatChange[]; notes: string[] }
export interface DecisionStep { action: 'progress' | 'done' | 'dropped'; text: string; at: string; person: string; organisation: string }
export interface Works { decision: string; indicator: string; title: string; place: string; source: string; step: 'month' | 'year' | ''; unit: string; points: { period: string; seen: number; since: boolean; expected: number }[]; word: 'lower' | 'higher' | 'no clear change' | 'not assessed'; ratio: number; low: number; high: number; p_lower: number; before: number; since: number; statement: string }
export interface Decision { id: string; title: string; threat: string; members: string[]; measure: string; indicator: string; place: string; baseline: number; target: number; decided: string; due: string; handling: string; state: 'open' | 'done' | 'dropped'; opened: string; person: string; organisation: string; steps: DecisionStep[]; works?: Works }
export interface Region {
    region: { id: string; title: string; version: string; purpose: string; boundary_note: string };
    areas: { id: string; title: string; summary: string }[]; lenses: { id: string; title: string; question: string }[]; criteria: { id: string; component: string; title: string; question: string; weight: number; anchors: string[] }[];
    threats: { id: string; area: string; title: string; definition: string; modi_operandi: string[] }[]; members: { id: string; name: string; organisation: string; country: string }[]; countries: { id: string; name: string; role: string }[];
    indicators: { id: string; title: string; threat: string; lens: string; unit: string }[]; sources: { id: string; title: string }[]; codes: { scheme?: string; id: string; title: string }[]; routes: { id: string; title: string; kind: string; path: string[] }[];
    units: { id: string; title: string }[]; yardsticks: { yardstick: string; word: string; low: number; high: number }[]; recommendations: { threat?: string; text?: string; title?: string }[]; handling: { id: string; title: string; rank?: number }[]; version: string;
}
