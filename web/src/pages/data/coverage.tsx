// Completeness and timeliness: a full, half or empty mark, and the newest year, for every member and threat.
import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Answer, Card, Cards } from '@/ui';

interface Cell { id: string; member: string; threat: string; indicators: number; answered: number; completeness: number | null; newest: string | null; days_old: number | null }

function Mark({ cell, label }: { cell: Cell; label: string }) {
    const share = cell.completeness ?? -1;
    return <svg width="14" height="14" viewBox="0 0 14 14" role="img" aria-label={label}><title>{label}</title>{share < 0 ? <circle cx="7" cy="7" r="1.4" fill="var(--faint)" /> : <><circle cx="7" cy="7" r="5.6" fill={share >= 1 ? 'var(--measured-fill)' : 'none'} stroke={share > 0 ? 'var(--measured)' : 'var(--line)'} strokeWidth="1.4" />{share > 0 && share < 1 && <path d="M7 1.4a5.6 5.6 0 0 1 0 11.2z" fill="var(--measured-fill)" />}</>}</svg>;
}

export function Coverage() {
    const { t, percent } = useText(), names = useNames(), asked = useQuery({ queryKey: ['coverage'], queryFn: ({ signal }) => api.all<Cell>('coverage', { signal }) });
    return (
        <Answer of={asked} lines={10}>
            {({ items }) => {
                const members = [...new Set(items.map(each => each.member))], threats = [...new Set(items.map(each => each.threat))], at = new Map(items.map(each => [each.member + '/' + each.threat, each]));
                const real = items.filter(each => each.indicators > 0), all = real.reduce((sum, each) => sum + each.indicators, 0), answered = real.reduce((sum, each) => sum + each.answered, 0), old = real.filter(each => (each.days_old ?? 0) > 730).length;
                return (
                    <div className="work">
                        <Cards><Card name={t('data.coverage.answered')} more={t('data.coverage.answered.more', { n: answered, all })}>{percent(all > 0 ? answered / all : 0)}</Card><Card name={t('data.coverage.empty')} more={t('data.coverage.cells', { n: real.length })}>{real.filter(each => each.answered === 0).length}</Card><Card name={t('data.coverage.old')} more={t('data.coverage.old.more')}>{old}</Card></Cards>
                        <p className="note">{t('data.coverage.key')}</p>
                        <div className="matrix" tabIndex={0} role="region" aria-label={t('data.coverage')}>
                            <table>
                                <thead><tr><th scope="col">{t('rank.threat')}</th>{members.map(each => <th key={each} scope="col">{names.member(each)}</th>)}</tr></thead>
                                <tbody>{threats.map(threat => <tr key={threat}><th scope="row">{names.threat(threat)}</th>{members.map(member => { const cell = at.get(member + '/' + threat); return <td key={member}>{cell && <><Mark cell={cell} label={t('data.coverage.cell', { n: cell.answered, all: cell.indicators })} />{cell.newest && <span className="note"> {cell.newest.slice(0, 4)}</span>}</>}</td>; })}</tr>)}</tbody>
                            </table>
                        </div>
                    </div>
                );
            }}
        </Answer>
    );
}
