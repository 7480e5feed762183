import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '@/i18n';
import { Button } from './button';

interface Props { title: ReactNode; isOpen: boolean; onClose: () => void; children: ReactNode; foot?: ReactNode; wide?: boolean; alert?: boolean; eyebrow?: ReactNode }

function Sheet({ title, eyebrow, children, foot, onClose, alert }: Omit<Props, 'isOpen' | 'wide'>) {
    const { t } = useText();
    return (
        <AriaDialog className="sheet" role={alert ? 'alertdialog' : 'dialog'}>
            <div className="sheet-head">
                <div className="stack-s">{eyebrow}<Heading slot="title" level={2}>{title}</Heading></div>
                <Button variant="quiet" small icon="close" aria-label={t('do.close')} onPress={onClose} />
            </div>
            <div className="sheet-body">{children}</div>
            {foot && <div className="sheet-foot">{foot}</div>}
        </AriaDialog>
    );
}

export function Dialog({ isOpen, onClose, wide, ...rest }: Props) {
    return <ModalOverlay className="veil center" isOpen={isOpen} onOpenChange={open => { if (!open) onClose(); }} isDismissable={!rest.alert}><Modal className={wide ? 'modal wide' : 'modal'}><Sheet {...rest} onClose={onClose} /></Modal></ModalOverlay>;
}

// From the side, over the page: for details that belong to what is behind them.
export function Drawer({ isOpen, onClose, ...rest }: Props) {
    return <ModalOverlay className="veil from-side" isOpen={isOpen} onOpenChange={open => { if (!open) onClose(); }} isDismissable><Modal className="drawer"><Sheet {...rest} onClose={onClose} /></Modal></ModalOverlay>;
}
