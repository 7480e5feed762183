// One way to the server: session by cookie, its token repeated on changes, problems as an error that can be shown.
// Conditional requests are the browser's: answers carry an ETag and 'no-cache', so fetch revalidates by itself.
import type { Page, Problem } from './types';

export class ApiError extends Error {
    constructor(readonly problem: Problem) {
        super(problem.detail);
        this.name = 'ApiError';
    }
    get status() { return this.problem.status; }
}

let csrf = '';
export function setCsrf(token: string) { csrf = token; }
export function csrfToken() { return csrf; }

const lost = new Set<() => void>();
// Called when the server no longer knows the session.
export function onSessionLost(listener: () => void) {
    lost.add(listener);
    return () => void lost.delete(listener);
}

export type Query = Record<string, string | number | boolean | undefined | null>;
export interface Options { query?: Query; signal?: AbortSignal; purpose?: string; idempotencyKey?: string; headers?: Record<string, string> }

export function address(path: string, query?: Query) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
    const text = parameters.toString();
    return (path.startsWith('/') ? path : '/api/v1/' + path) + (text ? '?' + text : '');
}

async function problemOf(response: Response): Promise<Problem> {
    try {
        const body = await response.json();
        return { ...body, status: response.status, detail: body.detail ?? body.title ?? response.statusText, code: body.code ?? 'unknown' };
    } catch {
        return { status: response.status, detail: response.statusText, code: 'unknown' };
    }
}

async function send<T>(method: string, path: string, body: BodyInit | undefined, type: string | undefined, options: Options): Promise<T> {
    const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
    if (type) headers['Content-Type'] = type;
    if (options.purpose) headers['Threatlas-Purpose'] = options.purpose;
    if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
    if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
    let response: Response;
    try {
        response = await fetch(address(path, options.query), { method, headers, body, signal: options.signal, credentials: 'same-origin' });
    } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') throw error;
        throw new ApiError({ status: 0, code: 'unreachable', detail: '' });
    }
    if (!response.ok) {
        const problem = await problemOf(response);
        if (response.status === 401 && !path.startsWith('session')) for (const each of lost) each();
        throw new ApiError(problem);
    }
    if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
    return (response.headers.get('Content-Type') ?? '').includes('json') ? response.json() : (response.text() as Promise<T>);
}

// Paths are below /api/v1/ unless they begin with '/'.
export const api = {
    get: <T>(path: string, options: Options = {}) => send<T>('GET', path, undefined, undefined, options),
    // A list whole, page after page: what is beyond the first page is not lost to who looks.
    async all<T>(path: string, options: Options = {}): Promise<Page<T>> {
        const items: T[] = [];
        for (let cursor: string | undefined; ;) {
            const page = await api.get<Page<T>>(path, { ...options, query: { limit: 1000, ...options.query, cursor } });
            items.push(...page.items);
            if (!page.next) return { items, total: page.total };
            cursor = page.next;
        }
    },
    post: <T>(path: string, body?: unknown, options: Options = {}) => send<T>('POST', path, body === undefined ? undefined : JSON.stringify(body), body === undefined ? undefined : 'application/json', options),
    put: <T>(path: string, body: unknown, options: Options = {}) => send<T>('PUT', path, JSON.stringify(body), 'application/json', options),
    patch: <T>(path: string, body: unknown, options: Options = {}) => send<T>('PATCH', path, JSON.stringify(body), 'application/json', options),
    delete: <T>(path: string, options: Options & { body?: unknown } = {}) => send<T>('DELETE', path, options.body === undefined ? undefined : JSON.stringify(options.body), options.body === undefined ? undefined : 'application/json', options),
    // A raw body with its name; progress in [0, 1] while it is sent.
    upload<T>(path: string, file: File, progress?: (share: number) => void): Promise<T> {
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open('POST', address(path));
            request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
            request.setRequestHeader('X-Filename', encodeURIComponent(file.name));
            if (csrf) request.setRequestHeader('X-CSRF-Token', csrf);
            request.upload.onprogress = event => { if (event.lengthComputable) progress?.(event.loaded / event.total); };
            request.onerror = () => reject(new ApiError({ status: 0, code: 'unreachable', detail: '' }));
            request.onload = () => {
                let body: unknown;
                try { body = JSON.parse(request.responseText); } catch { body = undefined; }
                if (request.status >= 200 && request.status < 300) resolve(body as T);
                else reject(new ApiError({ code: 'unknown', detail: request.statusText, ...(body as object), status: request.status }));
            };
            request.send(file);
        });
    },
};
