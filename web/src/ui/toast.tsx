import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { useText } from '@/i18n';
import { Button } from './button';
import { explain } from './states';

type Kind = 'plain' | 'good' | 'bad';
const Context = createContext<(text: ReactNode, kind?: Kind) => void>(() => undefined);

// Short word of what happened. Those that went wrong stay until closed.
export function ToastProvider({ children }: { children: ReactNode }) {
    const { t } = useText(), [toasts, setToasts] = useState<{ id: number; text: ReactNode; kind: Kind }[]>([]);
    const close = useCallback((id: number) => setToasts(all => all.filter(each => each.id !== id)), []);
    const show = useCallback((text: ReactNode, kind: Kind = 'plain') => {
        const id = Date.now() + Math.random();
        setToasts(all => [...all.slice(-3), { id, text, kind }]);
        if (kind !== 'bad') setTimeout(() => close(id), 6000);
    }, [close]);
    return (
        <Context.Provider value={show}>
            {children}
            <div className="toasts" role="status" aria-live="polite">{toasts.map(each => <div key={each.id} className={'toast ' + each.kind}><div className="grow">{each.text}</div><Button variant="quiet" small icon="close" aria-label={t('do.close')} onPress={() => close(each.id)} /></div>)}</div>
        </Context.Provider>
    );
}

export function useToast() {
    const show = useContext(Context), text = useText();
    return useMemo(() => Object.assign(show, { error: (error: unknown) => show(explain(error, text), 'bad') }), [show, text]);
}
