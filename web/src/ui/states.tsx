import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { useText, type Text } from '@/i18n';
import { Button } from './button';

export function EmptyState({ title, children, action }: { title?: string; children?: ReactNode; action?: ReactNode }) {
    const { t } = useText();
    return <div className="empty"><p className="empty-title">{title ?? t('empty.nothing')}</p>{children && <p className="muted">{children}</p>}{action}</div>;
}

export function Skeleton({ height = 16, width = '100%' }: { height?: number | string; width?: number | string }) {
    return <div className="skeleton" style={{ height, width }} aria-hidden="true" />;
}

// While a page loads: its outline, told once to a screen reader.
export function Loading({ lines = 6 }: { lines?: number }) {
    const { t } = useText();
    return <div className="stack" role="status"><span className="hidden">{t('app.loading')}</span><Skeleton height={28} width="46%" />{Array.from({ length: lines }, (_, i) => <Skeleton key={i} height={18} width={`${96 - ((i * 13) % 34)}%`} />)}</div>;
}

// What an error means to the reader; the server's own sentence where it says what to do next.
export function explain(error: unknown, { t }: Text): string {
    if (!(error instanceof ApiError)) return error instanceof Error && error.message ? error.message : t('error.unknown');
    if (error.status === 0) return t('error.unreachable');
    if (error.status === 429) return error.problem.detail || t('error.too_many');
    if (error.problem.detail) return error.problem.detail;
    return error.status === 404 ? t('error.not_found') : error.status === 403 ? t('error.not_allowed') : t('error.unknown');
}

export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
    const text = useText(), id = error instanceof ApiError ? error.problem.instance : undefined;
    return <div className="empty problem" role="alert"><p className="empty-title">{text.t('error.title')}</p><p>{explain(error, text)}</p>{id && <p className="note">{text.t('error.instance', { id })}</p>}{onRetry && <Button small onPress={onRetry}>{text.t('do.retry')}</Button>}</div>;
}

interface Asked<T> { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown }
// The three states of a question to the server, so that no page forgets one.
export function Answer<T>({ of, children, lines }: { of: Asked<T>; children: (data: T) => ReactNode; lines?: number }) {
    if (of.data !== undefined) return <>{children(of.data)}</>;
    if (of.error) return <ErrorNote error={of.error} onRetry={() => void of.refetch()} />;
    return <Loading lines={lines} />;
}

class Boundary extends Component<{ fallback: (error: Error, again: () => void) => ReactNode; children: ReactNode }, { error: Error | null }> {
    override state = { error: null as Error | null };
    static getDerivedStateFromError(error: Error) { return { error }; }
    override componentDidCatch(error: Error, info: ErrorInfo) { console.error(error, info.componentStack); }
    override render() { return this.state.error ? this.props.fallback(this.state.error, () => this.setState({ error: null })) : this.props.children; }
}
export function ErrorBoundary({ children }: { children: ReactNode }) {
    return <Boundary fallback={(error, again) => <ErrorNote error={error} onRetry={again} />}>{children}</Boundary>;
}

export function ProgressBar({ label, value }: { label: string; value: number }) {
    const { percent } = useText(), share = Math.min(1, Math.max(0, value));
    return <div className="progress"><div className="head"><span>{label}</span><span>{percent(share)}</span></div><div className="track" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><div className="fill" style={{ width: `${share * 100}%` }} /></div></div>;
}
