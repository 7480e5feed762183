// Several of a list: what is chosen stands below as chips that can be taken away.
import { useText } from '@/i18n';
import { Button } from './button';
import { ComboBox, type Option } from './field';

export function Many<T extends string>({ label, values, onChange, options, help }: { label: string; values: T[]; onChange: (values: T[]) => void; options: Option<T>[]; help?: string }) {
    const { t } = useText(), named = (id: T) => options.find(each => each.id === id)?.label ?? id;
    return (
        <div className="stack-s">
            <ComboBox key={values.join()} label={label} help={help} value={null} onChange={id => { if (id !== null && !values.includes(id)) onChange([...values, id]); }} options={options.filter(each => !values.includes(each.id))} />
            {values.length > 0 && <ul className="chips">{values.map(id => <li key={id}><Button small icon="close" aria-label={t('do.take_away', { name: named(id) })} onPress={() => onChange(values.filter(each => each !== id))}>{named(id)}</Button></li>)}</ul>}
        </div>
    );
}
