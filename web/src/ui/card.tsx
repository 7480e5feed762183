import type { ReactNode } from 'react';
import { Link } from '@/shell/link';

export function Cards({ children }: { children: ReactNode }) { return <dl className="cards">{children}</dl>; }

// One number with its name; `more` says on what it rests, `to` leads there.
export function Card({ name, children, more, to }: { name: string; children: ReactNode; more?: ReactNode; to?: string | false }) {
    return <div className="card"><dt className="name">{name}</dt><dd className="value">{to ? <Link to={to} className="opens" aria-label={typeof children === 'string' || typeof children === 'number' ? `${name}: ${children}` : name}>{children}</Link> : children}</dd>{more && <dd className="more">{more}</dd>}</div>;
}

export function Facts({ items }: { items: (readonly [string, ReactNode] | null | false | undefined)[] }) {
    return <dl className="facts">{items.map(each => each && <Pair key={each[0]} name={each[0]} value={each[1]} />)}</dl>;
}
const Pair = ({ name, value }: { name: string; value: ReactNode }) => <><dt>{name}</dt><dd>{value}</dd></>;
