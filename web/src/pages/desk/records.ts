// What contact points tell one another, as the API answers it (model/bulletin.hpp, model/contact.hpp).
export interface Attachment { name: string; media: string; sha256: string; size: number }
export interface Receipt { organisation: string; sent: string; fetched: string; read: string; acknowledged: string; note: string; forwarded_by: string }
interface Marked { id: string; language: string; handling: string; originator: string; originators: string[]; recipients: string[]; attachments: Attachment[]; derived_from: string[]; version: number; reason: string; issued: string; modified: string; receipts: Receipt[]; waits: boolean }
interface About { areas: string[]; threats: string[]; mos: string[]; places: string[] }
export interface Bulletin extends Marked, About { kind: string; title: string; text: string; valid_until: string; state: string; expired: boolean }
export interface Consent { id: string; originator: string; submission: string; to: string; until: string; handling: string; revoked: boolean }
export interface Request extends Marked, About { kind: string; title: string; text: string; questions: string[]; deadline: string; match: string; state: string; answers?: Answer[] }
export interface Answer extends Marked { request: string; outcome: string; text: string; answers: string[]; state: string }
export interface ContactPoint { id: string; organisation: string; desk: string; hours: string; zone: string; email: string; phone: string; address: string; public_key: string; fingerprint: string; languages: string[]; note: string; modified: string; on_duty: boolean }
export interface Subscription { id: string; organisation: string; account: string; clearance: string; kinds: string[]; areas: string[]; threats: string[]; mos: string[]; places: string[]; languages: string[]; digest: string; email: string; made: string; closed: boolean }
export interface Webhook { id: string; organisation: string; url: string; clearance: string; events: string[]; secret?: string; made: string; stopped: boolean; closed: boolean }
export interface DeskState { settings: string; problem: string; mail: boolean; waiting: number; given_up: number; stopped: number; closed: number }
export interface Delivery { number: number; channel: string; target: string; subject: string; organisation: string; state: string; made: number; next: number; attempts: { at: number; outcome: string }[] }

// How far a version got at one's own organisation.
export const ownReceipt = (of: { receipts: Receipt[] }, organisation: string | undefined) => of.receipts.find(each => each.organisation === organisation);

export const kBulletins = ['new_mo', 'warning', 'best_practice', 'wanted_information'] as const;
export const kRequests = ['information', 'verification', 'consent'] as const;
export const kOutcomes = ['answered', 'nothing_known', 'cannot_answer'] as const;
export const kSpoken = ['en', 'sr', 'sq', 'bs', 'bg', 'hr', 'el', 'hu', 'mk', 'cnr', 'ro', 'sl', 'tr'] as const;
