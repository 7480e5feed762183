// What is known of each crime area, version by version: compiled from evidence, approved, published, subscribed to.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useForget, useSession } from '@/api/queries';
import type { Page } from '@/api/types';
import { useText } from '@/i18n';
import { Link } from '@/shell/link';
import { Answer, Badge, Button, Checkbox, Dialog, EmptyState, explain, PageFrame, Section, Segments, Select, Table, useToast } from '@/ui';
import { stateKind, type Line, type Subscription, type View } from './records';
import '@/styles/work.css';

export default function Profiles() {
    const { t, date, number } = useText(), names = useNames(), session = useSession(), [only, setOnly] = useState<'newest' | 'all'>('newest'), [making, setMaking] = useState(false), may = session?.role === 'analyst' || session?.role === 'director';
    const asked = useQuery({ queryKey: ['profiles'], queryFn: ({ signal }) => api.all<Line>('profiles', { signal }) });
    return (
        <PageFrame title={t('profiles.title')} lead={t('profiles.lead')} actions={may && <Button variant="primary" icon="plus" onPress={() => setMaking(true)}>{t('profiles.compile')}</Button>}>
            <div className="work">
                <Answer of={asked}>
                    {({ items }) => items.length === 0 ? <EmptyState title={t('profiles.none')}>{t('profiles.none.more')}</EmptyState> : (
                        <div className="stack">
                            <Segments label={t('profiles.versions')} value={only} onChange={setOnly} options={[{ id: 'newest', label: t('profiles.newest') }, { id: 'all', label: t('profiles.all') }]} />
                            <Table label={t('profiles.title')} rows={items.filter(each => only === 'all' || each.newest)} keyOf={each => each.id} columns={[
                                { id: 'area', title: t('profiles.area'), cell: each => <span className="stack-s"><Link to={`/profiles/${each.id}`}>{names.area(each.area)}</Link><span className="note">{t('desk.version', { n: each.version })} · {t(`profiles.edition.${each.edition as 'public'}`)}</span></span>, sort: each => names.area(each.area) },
                                { id: 'who', title: t('account.organisation'), cell: each => names.member(each.organisation), sort: each => names.member(each.organisation) },
                                { id: 'state', title: t('admin.state'), cell: each => <Badge kind={stateKind(each.state)}>{t(`profiles.state.${each.state as 'draft'}`)}</Badge>, sort: each => each.state },
                                { id: 'as_of', title: t('profiles.as_of'), cell: each => date(each.as_of), sort: each => each.as_of },
                                { id: 'statements', title: t('profiles.statements'), number: true, cell: each => number(each.statements, 0), sort: each => each.statements },
                                { id: 'gaps', title: t('profiles.gaps'), number: true, cell: each => number(each.gaps, 0), sort: each => each.gaps },
                                { id: 'sent', title: t('profiles.sent'), number: true, cell: each => number(each.sent.length, 0), sort: each => each.sent.length },
                                { id: 'handling', title: t('handling'), cell: each => <span className="nowrap">{each.handling}</span>, sort: each => each.handling },
                            ]} />
                        </div>
                    )}
                </Answer>
                {session?.role !== 'auditor' && <Subscribing />}
            </div>
            {making && <Compile known={asked.data?.items.map(each => each.id) ?? []} onClose={() => setMaking(false)} />}
        </PageFrame>
    );
}

function Compile({ known, onClose }: { known: string[]; onClose: () => void }) {
    const text = useText(), { t } = text, names = useNames(), forget = useForget(), toast = useToast(), navigate = useNavigate(), [area, setArea] = useState<string | null>(null), [edition, setEdition] = useState<'restricted' | 'public'>('restricted'), [problem, setProblem] = useState(''), [busy, setBusy] = useState(false);
    const make = async () => {
        setBusy(true);
        setProblem('');
        try {
            const made = await api.post<View>('profiles', { area, edition });
            toast(t(known.includes(made.id) ? 'profiles.same' : 'profiles.made'), 'good');
            void forget('profiles');
            onClose();
            void navigate({ to: `/profiles/${made.id}` as '/' });
        } catch (error) { setProblem(explain(error, text)); } finally { setBusy(false); }
    };
    return (
        <Dialog title={t('profiles.compile')} isOpen onClose={onClose} foot={<><Button onPress={onClose}>{t('do.cancel')}</Button><Button variant="primary" isPending={busy} isDisabled={!area} onPress={() => void make()}>{t('profiles.compile')}</Button></>}>
            <p className="muted">{t('profiles.compile.lead')}</p>
            <Select label={t('profiles.area')} value={area} onChange={setArea} options={(names.region?.areas ?? []).map(each => ({ id: each.id, label: names.area(each.id) }))} />
            <div className="stack-s"><Segments label={t('profiles.edition')} value={edition} onChange={setEdition} options={(['restricted', 'public'] as const).map(id => ({ id, label: t(`profiles.edition.${id}`) }))} /><p className="note">{t(`profiles.edition.${edition}.help`)}</p></div>
            {problem && <p className="form-problem" role="alert">{problem}</p>}
        </Dialog>
    );
}

// The own organisation's areas; whoever publishes sends them by itself.
function Subscribing() {
    const { t } = useText(), names = useNames(), session = useSession(), toast = useToast(), forget = useForget(), [chosen, setChosen] = useState<string[] | null>(null), [busy, setBusy] = useState(false), may = session !== null && ['contact_point', 'analyst', 'director'].includes(session.role);
    const asked = useQuery({ queryKey: ['profiles', 'subscriptions'], queryFn: ({ signal }) => api.get<Page<Subscription>>('profiles/subscriptions', { signal }) });
    return (
        <Section title={t('profiles.subscribe')} lead={t('profiles.subscribe.lead')}>
            <Answer of={asked} lines={2}>
                {({ items }) => {
                    const own = items.find(each => each.organisation === session?.organisation)?.areas ?? [], now = chosen ?? own;
                    const save = async () => {
                        setBusy(true);
                        try {
                            await api.put('profiles/subscriptions', { areas: now });
                            toast(t('desk.subscribed'), 'good');
                            setChosen(null);
                            void forget('profiles');
                        } catch (error) { toast.error(error); } finally { setBusy(false); }
                    };
                    return (
                        <div className="stack">
                            <div className="form-row">{(names.region?.areas ?? []).map(each => <Checkbox key={each.id} disabled={!may} checked={now.includes(each.id)} onChange={on => setChosen(on ? [...now, each.id] : now.filter(id => id !== each.id))}>{names.area(each.id)}</Checkbox>)}</div>
                            {may && <div className="row"><Button isPending={busy} isDisabled={chosen === null} onPress={() => void save()}>{t('do.save')}</Button></div>}
                            {items.length > 0 && <p className="note">{items.map(each => `${names.member(each.organisation)}: ${each.areas.map(id => names.area(id)).join(', ')}`).join(' · ')}</p>}
                        </div>
                    );
                }}
            </Answer>
        </Section>
    );
}
