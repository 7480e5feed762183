// Over everything the reader may see, in either script, grouped by what it is.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '@/api/client';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';
import { pageOf } from '@/shell/palette';
import { Answer, EmptyState, Field, PageFrame } from '@/ui';
import '@/styles/work.css';

interface Hit { type: string; id: string; title: string; snippet: string; link: string; score?: number }
interface Found { items: Hit[]; total: number; types?: Record<string, number> }
const kOrder = ['threat', 'signal', 'bulletin', 'request', 'profile', 'decision', 'assessment', 'figure', 'indicator', 'claim', 'code', 'observation', 'submission', 'place', 'person'];

// Words as typed, where they stand in the same script; a hit in the other script is found without being marked.
function Marked({ text, words }: { text: string; words: string[] }) {
    const pieces: ReactNode[] = [], lower = text.toLocaleLowerCase();
    let at = 0;
    while (at < text.length) {
        const next = words.map(word => [lower.indexOf(word, at), word.length] as const).filter(([i]) => i >= 0).sort((a, b) => a[0] - b[0])[0];
        if (!next) break;
        pieces.push(text.slice(at, next[0]), <mark key={next[0]}>{text.slice(next[0], next[0] + next[1])}</mark>);
        at = next[0] + next[1];
    }
    return <>{pieces}{text.slice(at)}</>;
}

function To({ hit, children }: { hit: Hit; children: ReactNode }) {
    return <Link {...pageOf(hit.link)}>{children}</Link>;
}

export default function Search() {
    const { t } = useText(), q = useSearch({ strict: false, select: (search: { q?: string }) => search.q }) ?? '', navigate = useNavigate(), [typed, setTyped] = useState(q);
    useEffect(() => setTyped(q), [q]);
    useEffect(() => {
        const timer = setTimeout(() => { if (typed.trim() !== q) void navigate({ to: '/search' as '/', search: { q: typed.trim() || undefined } as never, replace: true }); }, 250);
        return () => clearTimeout(timer);
    }, [typed, q, navigate]);
    const asked = useQuery({ queryKey: ['search', q], enabled: q.length > 1, placeholderData: keepPreviousData, queryFn: ({ signal }) => api.get<Found>('search', { signal, query: { q, limit: 200 } }) }), words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return (
        <PageFrame title={t('nav.search')} lead={t('search.lead')}>
            <div className="work">
                <Field label={t('search.words')} value={typed} onChange={setTyped} type="search" autoFocus help={t('search.help')} />
                {q.length < 2 ? <EmptyState title={t('search.begin')}>{t('search.begin.more')}</EmptyState> : (
                    <Answer of={asked} lines={6}>
                        {found => found.items.length === 0 ? <EmptyState title={t('search.none', { q })}>{t('empty.no_match')}</EmptyState> : (
                            <div className="hits">
                                <p className="note" role="status">{t('search.count', { n: found.total })}</p>
                                {kOrder.filter(type => found.items.some(each => each.type === type)).map(type => (
                                    <section key={type} className="stack-s">
                                        <h2 className="eyebrow">{t(`search.type.${type}` as 'search.type.threat')}</h2>
                                        <ul>{found.items.filter(each => each.type === type).slice(0, 25).map(each => <li key={each.type + each.id}><To hit={each}><Marked text={each.title || each.id} words={words} /></To>{each.snippet && <p className="note"><Marked text={each.snippet} words={words} /></p>}</li>)}</ul>
                                    </section>
                                ))}
                            </div>
                        )}
                    </Answer>
                )}
            </div>
        </PageFrame>
    );
}
