import { useEffect, type ReactNode } from 'react';
import { useText } from '@/i18n';

// The frame of a page: title (also of the window), what it says in a sentence, actions.
export function PageFrame({ title, eyebrow, lead, actions, children, windowTitle }: { title: ReactNode; eyebrow?: ReactNode; lead?: ReactNode; actions?: ReactNode; children: ReactNode; windowTitle?: string }) {
    const { t } = useText(), name = windowTitle ?? (typeof title === 'string' ? title : '');
    useEffect(() => { document.title = name ? `${name} · ${t('app.name')}` : t('app.name'); }, [name, t]);
    return <div className="page"><header className="page-head"><div>{eyebrow && <div className="eyebrow">{eyebrow}</div>}<h1>{title}</h1>{lead && <p className="lead">{lead}</p>}</div>{actions && <div className="actions no-print">{actions}</div>}</header>{children}</div>;
}

export function Section({ title, lead, actions, children, id, level = 2, className }: { title: ReactNode; lead?: ReactNode; actions?: ReactNode; children: ReactNode; id?: string; level?: 2 | 3; className?: string }) {
    const Heading = level === 2 ? 'h2' : 'h3';
    return <section className={className ? 'section ' + className : 'section'} id={id}><header><div><Heading>{title}</Heading>{lead && <p>{lead}</p>}</div>{actions && <div className="row no-print">{actions}</div>}</header>{children}</section>;
}
