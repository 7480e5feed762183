import type { ReactNode } from 'react';
import { Button as AriaButton, ToggleButton, ToggleButtonGroup, type ButtonProps as AriaProps, type Key } from 'react-aria-components';
import { Icon, type IconName } from './icons';

export interface ButtonProps extends Omit<AriaProps, 'className' | 'children'> { variant?: 'primary' | 'quiet' | 'danger'; small?: boolean; icon?: IconName; children?: ReactNode }

// While it is pending it keeps the focus and does nothing. (React Aria's own isPending leaves an unnamed image in the
// document for screen readers to announce, which axe rightly minds.)
export function Button({ variant, small, icon, children, isPending, ...rest }: ButtonProps) {
    const held = isPending ? ({ type: 'button', onPress: undefined, 'aria-busy': true, 'data-pending': true } as const) : {};
    return (
        <AriaButton {...rest} {...held} className={['button', variant, small && 'small', !children && 'icon'].filter(Boolean).join(' ')}>
            {isPending ? <span className="spinner" aria-hidden="true" /> : icon ? <Icon name={icon} size={small ? 16 : 18} /> : null}
            {children}
        </AriaButton>
    );
}

export function Segments<T extends string>({ label, value, onChange, options }: { label: string; value: T; onChange: (value: T) => void; options: { id: T; label: string; icon?: IconName }[] }) {
    return (
        <ToggleButtonGroup className="segments" aria-label={label} disallowEmptySelection selectionMode="single" selectedKeys={[value]} onSelectionChange={keys => { const [first] = keys as Set<Key>; if (first !== undefined) onChange(first as T); }}>
            {options.map(each => <ToggleButton key={each.id} id={each.id}>{each.icon && <Icon name={each.icon} size={16} />}{each.label}</ToggleButton>)}
        </ToggleButtonGroup>
    );
}
