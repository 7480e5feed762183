// Ctrl+K: to any page, any threat by its name in the reader's language, and to whatever the server finds. Typed in one
// script, found in both.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { toLatin } from '@/i18n/transliterate';
import { threatPath } from '@/routes-path';
import { Dialog } from '@/ui/dialog';
import '@/styles/work.css';

export interface Place { to: string; name: string }
interface Hit { type: string; id: string; title: string; link: string }
interface Line { id: string; to: string; search?: Record<string, string>; title: string; about: string }

// One script, no marks over letters, no capitals.
const plain = (text: string) => toLatin(text).normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'dj').toLowerCase();

// The server's links are of the API's names; addresses of the pages differ where a name holds a dot.
export function pageOf(link: string): { to: string; search: Record<string, string> } {
    const [path = '', query = ''] = link.split('?'), threat = /^\/threats\/(\w+\.[\w.]+)$/.exec(path)?.[1];
    return { to: threat ? threatPath(threat) : path, search: Object.fromEntries(new URLSearchParams(query)) };
}

export default function Palette({ places, onClose }: { places: Place[]; onClose: () => void }) {
    const { t } = useText(), names = useNames(), navigate = useNavigate(), [typed, setTyped] = useState(''), [at, setAt] = useState(0), q = useDeferredValue(typed.trim());
    const asked = useQuery({ queryKey: ['search', q, 8], enabled: q.length > 1, placeholderData: keepPreviousData, staleTime: 30_000, queryFn: ({ signal }) => api.get<{ items: Hit[] }>('search', { signal, query: { q, limit: 8 } }) });
    const lines = useMemo(() => {
        const own: Line[] = [...places.map(each => ({ id: each.to, to: each.to, title: each.name, about: t('palette.page') })), ...(names.region?.threats ?? []).map(each => ({ id: 'threat:' + each.id, to: threatPath(each.id), title: names.threat(each.id), about: t('search.type.threat') }))];
        const words = plain(q).split(/\s+/).filter(Boolean), fit = own.filter(each => words.every(word => plain(each.title).includes(word))).slice(0, q ? 6 : 9);
        const found: Line[] = q.length > 1 ? (asked.data?.items ?? []).map(each => ({ id: each.type + ':' + each.id, ...pageOf(each.link), title: each.title || each.id, about: t(`search.type.${each.type}` as 'search.type.threat') })).filter(each => !fit.some(one => one.id === each.id)) : [];
        const all = q.length > 1 ? [{ id: 'all', to: '/search', search: { q }, title: t('palette.all', { q }), about: t('nav.search') }] : [];
        return [...fit, ...found, ...all];
        // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [q, asked.data, places, names.region, t]);
    useEffect(() => setAt(0), [q]);
    const current = Math.min(at, Math.max(0, lines.length - 1));
    const go = (line: Line | undefined) => {
        if (!line) return;
        onClose();
        void navigate({ to: line.to as '/', search: ((old: Record<string, unknown>) => ({ assessment: old.assessment, ...line.search })) as never });
    };
    const press = (event: KeyboardEvent) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step !== 0) {
            event.preventDefault();
            const next = (current + step + lines.length) % Math.max(1, lines.length);
            setAt(next);
            document.getElementById('palette-' + next)?.scrollIntoView({ block: 'nearest' });
        } else if (event.key === 'Enter') {
            event.preventDefault();
            go(lines[current]);
        }
    };
    return (
        <Dialog title={t('palette.title')} isOpen onClose={onClose}>
            <div className="palette">
                <input type="search" autoFocus value={typed} onChange={event => setTyped(event.target.value)} onKeyDown={press} placeholder={t('palette.words')} role="combobox" aria-label={t('palette.words')} aria-expanded={lines.length > 0} aria-controls="palette-lines" aria-activedescendant={lines.length > 0 ? 'palette-' + current : undefined} aria-autocomplete="list" autoComplete="off" spellCheck={false} />
                {lines.length === 0 ? <p className="muted">{t('empty.no_match')}</p> : <ul id="palette-lines" role="listbox" aria-label={t('palette.title')}>{lines.map((each, i) => <li key={each.id} id={'palette-' + i} role="option" aria-selected={i === current} onMouseMove={() => setAt(i)} onClick={() => go(each)}><span>{each.title}</span><span className="note">{each.about}</span></li>)}</ul>}
                <p className="note">{t('palette.keys')}</p>
            </div>
        </Dialog>
    );
}
