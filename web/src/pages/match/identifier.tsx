// One identifier as somebody wrote it down; its one spelling is found by the server.
import { useRegion } from '@/api/queries';
import { useNames } from '@/api/names';
import { useText } from '@/i18n';
import { Button, ComboBox, Field, Select } from '@/ui';
import { kKinds, kOfCountry, type Given } from './records';

export function IdentifierFields({ value, onChange, onRemove }: { value: Given; onChange: (value: Given) => void; onRemove?: () => void }) {
    const { t } = useText(), region = useRegion(), names = useNames(), set = (what: Partial<Given>) => onChange({ ...value, ...what });
    return (
        <div className="form-row identifier">
            <Select label={t('match.kind')} value={value.kind} onChange={kind => set({ kind, country: kOfCountry.includes(kind) ? value.country : '', born: kind === 'person' ? value.born : '' })} options={kKinds.map(id => ({ id: id as string, label: t(`match.kind.${id}`) }))} />
            <Field label={t(value.kind === 'person' ? 'match.name' : 'match.value')} value={value.value} onChange={text => set({ value: text })} required maxLength={200} autoComplete="off" placeholder={t(`match.kind.${value.kind as 'phone'}.example`)} />
            {kOfCountry.includes(value.kind) && <ComboBox label={t('mappage.country')} value={value.country || null} onChange={country => set({ country: country ?? '' })} options={(region?.countries ?? []).map(each => ({ id: each.id, label: names.place(each.id) }))} />}
            {value.kind === 'person' && <Field label={t('match.born')} value={value.born} onChange={born => set({ born })} type="date" required />}
            {onRemove && <Button variant="quiet" small icon="close" aria-label={t('do.take_away', { name: value.value || t('match.value') })} onPress={onRemove} />}
        </div>
    );
}
