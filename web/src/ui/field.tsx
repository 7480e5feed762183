import type { ReactNode } from 'react';
import { Button, Checkbox as AriaCheckbox, ComboBox as AriaComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, Text, TextArea, TextField, type Key } from 'react-aria-components';
import { useText } from '@/i18n';
import { Icon } from './icons';

interface FieldProps { label: string; value: string; onChange: (value: string) => void; help?: ReactNode; error?: string; type?: string; name?: string; autoComplete?: string; inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'search'; required?: boolean; multiline?: boolean; placeholder?: string; disabled?: boolean; autoFocus?: boolean; minLength?: number; maxLength?: number; pattern?: string; hideLabel?: boolean }

export function Field({ label, help, error, multiline, placeholder, required, disabled, hideLabel, ...rest }: FieldProps) {
    return (
        <TextField className="field" {...rest} isRequired={required} isDisabled={disabled} isInvalid={error ? true : undefined} validationBehavior="aria" {...(hideLabel ? { 'aria-label': label } : {})}>
            {!hideLabel && <Label>{label}</Label>}
            {multiline ? <TextArea placeholder={placeholder} /> : <Input placeholder={placeholder} />}
            {help && <Text slot="description" className="help">{help}</Text>}
            <FieldError className="error">{error}</FieldError>
        </TextField>
    );
}

export interface Option<T extends string = string> { id: T; label: string; more?: ReactNode }

function Options<T extends string>({ options }: { options: Option<T>[] }) {
    return (
        <ListBox items={options}>
            {each => <ListBoxItem id={each.id} textValue={each.label} className="option">{({ isSelected }) => <><span>{each.label}</span>{each.more && <span className="note">{each.more}</span>}{isSelected && <span className="mark"><Icon name="check" size={16} /></span>}</>}</ListBoxItem>}
        </ListBox>
    );
}

export function Select<T extends string>({ label, value, onChange, options, help, hideLabel, disabled }: { label: string; value: T | null; onChange: (value: T) => void; options: Option<T>[]; help?: ReactNode; hideLabel?: boolean; disabled?: boolean }) {
    const { t } = useText();
    return (
        <AriaSelect className="field" value={value} onChange={(key: Key | null) => { if (key !== null) onChange(key as T); }} isDisabled={disabled} placeholder={t('do.choose')} {...(hideLabel ? { 'aria-label': label } : {})}>
            {!hideLabel && <Label>{label}</Label>}
            <Button className="select-button"><SelectValue className="chosen">{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue><Icon name="down" size={16} /></Button>
            {help && <Text slot="description" className="help">{help}</Text>}
            <Popover className="popover"><Options options={options} /></Popover>
        </AriaSelect>
    );
}

// Type to narrow the list.
export function ComboBox<T extends string>({ label, value, onChange, options, help, hideLabel }: { label: string; value: T | null; onChange: (value: T | null) => void; options: Option<T>[]; help?: ReactNode; hideLabel?: boolean }) {
    return (
        <AriaComboBox className="field" value={value} onChange={(key: Key | null) => onChange(key as T | null)} defaultItems={options} menuTrigger="focus" {...(hideLabel ? { 'aria-label': label } : {})}>
            {!hideLabel && <Label>{label}</Label>}
            <div className="combo"><Input /><Button><Icon name="down" size={16} /></Button></div>
            {help && <Text slot="description" className="help">{help}</Text>}
            <Popover className="popover"><ListBox<Option<T>>>{each => <ListBoxItem id={each.id} textValue={each.label} className="option"><span>{each.label}</span>{each.more && <span className="note">{each.more}</span>}</ListBoxItem>}</ListBox></Popover>
        </AriaComboBox>
    );
}

export function Checkbox({ children, checked, onChange, disabled }: { children: ReactNode; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean }) {
    return <AriaCheckbox className="checkbox" isSelected={checked} onChange={onChange} isDisabled={disabled}><span className="box" aria-hidden="true"><Icon name="check" size={14} /></span><span>{children}</span></AriaCheckbox>;
}
