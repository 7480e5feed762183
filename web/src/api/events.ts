// Server-sent events: one stream for the whole page, shared by all listeners. EventSource resumes by itself with
// Last-Event-ID; when the server closed for good, it is opened again with the last id and growing pauses.
import { useEffect, useRef } from 'react';

export type EventType = 'job' | 'signal' | 'assessment' | 'decision' | 'bulletin' | 'request' | 'answer' | 'profile' | 'match_alarm' | 'match_contact';
export interface LiveEvent { type: EventType; id: string; data: unknown }
type Listener = (event: LiveEvent) => void;

const kTypes: EventType[] = ['job', 'signal', 'assessment', 'decision', 'bulletin', 'request', 'answer', 'profile', 'match_alarm', 'match_contact'];
const listeners = new Set<Listener>();
let source: EventSource | null = null, last = '', pause = 1000, timer: ReturnType<typeof setTimeout> | undefined;

function open() {
    if (source || listeners.size === 0) return;
    source = new EventSource('/api/v1/events' + (last ? '?last_event_id=' + encodeURIComponent(last) : ''));
    source.onopen = () => { pause = 1000; };
    for (const type of kTypes)
        source.addEventListener(type, event => {
            last = event.lastEventId || last;
            let data: unknown;
            try { data = JSON.parse(event.data); } catch { data = event.data; }
            for (const each of [...listeners]) each({ type, id: event.lastEventId, data });
        });
    source.onerror = () => {
        if (source?.readyState !== EventSource.CLOSED) return;
        source = null;
        clearTimeout(timer);
        timer = setTimeout(open, pause);
        pause = Math.min(pause * 2, 60_000);
    };
}

export function listen(listener: Listener) {
    listeners.add(listener);
    open();
    return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
            source?.close();
            source = null;
            clearTimeout(timer);
        }
    };
}

export function useEvents(types: EventType[], handle: (event: LiveEvent) => void, enabled = true) {
    const latest = useRef(handle), wanted = types.join();
    useEffect(() => { latest.current = handle; });
    useEffect(() => (enabled ? listen(event => { if (wanted.includes(event.type)) latest.current(event); }) : undefined), [wanted, enabled]);
}
