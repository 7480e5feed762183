// What stands around every page: places to go at the side, search and account above.
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, type FormEvent } from 'react';
import { queries, useAssessmentId, useForget, useSession } from '@/api/queries';
import { useEvents } from '@/api/events';
import { useMay, type Right } from '@/api/may';
import { EvidenceDrawer } from '@/evidence/drawer';
import { useText, type Key } from '@/i18n';
import { ErrorBoundary, Icon, Loading, Mark, type IconName } from '@/ui';
import { AccountMenu } from './account-menu';
import { Link } from './link';

const Palette = lazy(() => import('./palette'));
const kPlaces: { to: string; name: Key; icon: IconName; right?: Right }[] = [
    { to: '/', name: 'nav.overview', icon: 'overview', right: 'threats' }, { to: '/threats', name: 'nav.threats', icon: 'threats', right: 'threats' }, { to: '/signals', name: 'nav.signals', icon: 'signals', right: 'signals' }, { to: '/map', name: 'nav.map', icon: 'map', right: 'threats' }, { to: '/profiles', name: 'nav.profiles', icon: 'profiles', right: 'profiles' },
    { to: '/desk', name: 'nav.desk', icon: 'desk', right: 'desk' }, { to: '/match', name: 'nav.match', icon: 'match', right: 'match' },
    { to: '/data', name: 'nav.data', icon: 'data' }, { to: '/workbench', name: 'nav.workbench', icon: 'workbench', right: 'workbench' }, { to: '/decisions', name: 'nav.decisions', icon: 'decisions', right: 'decisions' },
];
const kService: typeof kPlaces = [{ to: '/admin', name: 'nav.admin', icon: 'admin', right: 'people' }, { to: '/account', name: 'nav.account', icon: 'account' }];

export function Shell() {
    const { t, date } = useText(), session = useSession(), may = useMay(), forget = useForget(), main = useRef<HTMLElement>(null), path = useLocation({ select: each => each.pathname }), navigate = useNavigate();
    const head = useQuery(queries.assessment(useAssessmentId())).data, region = useQuery(queries.region()).data;
    const first = useRef(true);
    // After going to another page the focus is at its beginning, as after loading one.
    useEffect(() => { if (first.current) first.current = false; else main.current?.focus({ preventScroll: true }); }, [path]);
    useEvents(['assessment', 'signal', 'decision'], event => void forget(event.type === 'assessment' ? 'assessment' : event.type + 's'), session !== null);
    const [going, setGoing] = useState(false);
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.code !== 'KeyK') return;   // by its place: the same key in Cyrillic
            event.preventDefault();
            setGoing(true);
        };
        window.addEventListener('keydown', press);
        return () => window.removeEventListener('keydown', press);
    }, []);
    const search = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        const q = String(new FormData(event.currentTarget).get('q') ?? '').trim();
        void navigate({ to: '/search' as '/', search: { q: q || undefined } as never });
    };
    return (
        <div className="shell">
            <a className="skip" href="#content" onClick={event => { event.preventDefault(); main.current?.focus(); }}>{t('app.skip')}</a>
            <header className="side">
                <Link to="/" className="brand" exact><Mark /><span className="words">{t('app.name')}</span></Link>
                <nav className="nav" aria-label={t('nav.main')}>{kPlaces.map(each => (!each.right || may(each.right)) && <Link key={each.to} to={each.to} exact={each.to === '/'} title={t(each.name)}><Icon name={each.icon} /><span className="words">{t(each.name)}</span></Link>)}</nav>
                <nav className="nav" aria-label={t('nav.service')}>{kService.map(each => (!each.right || may(each.right)) && <Link key={each.to} to={each.to} title={t(each.name)}><Icon name={each.icon} /><span className="words">{t(each.name)}</span></Link>)}</nav>
            </header>
            <section className="bar" aria-label={t('bar.label')}>
                <div className="state"><b>{region ? t('shell.region', { name: region.region.id === 'see' ? t('shell.see') : region.region.title }) : ''}</b>{head && <span>{t('app.as_of', { date: date(head.manifest.as_of) })}</span>}</div>
                <form className="searching" role="search" onSubmit={search}><Icon name="search" size={16} /><input type="search" name="q" aria-label={t('bar.search')} aria-keyshortcuts="Control+K" placeholder={t('bar.search')} /></form>
                <AccountMenu />
            </section>
            <main className="main" id="content" tabIndex={-1} ref={main}><ErrorBoundary key={path}><Suspense fallback={<Loading />}><Outlet /></Suspense></ErrorBoundary></main>
            <EvidenceDrawer />
            {going && <Suspense><Palette places={[...kPlaces, ...kService].filter(each => !each.right || may(each.right)).map(each => ({ to: each.to, name: t(each.name) }))} onClose={() => setGoing(false)} /></Suspense>}
        </div>
    );
}
