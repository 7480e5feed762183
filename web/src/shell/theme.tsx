import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';

export const kThemes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof kThemes)[number];
const kStored = 'threatlas.theme';
const Context = createContext<readonly [Theme, (theme: Theme) => void]>(['system', () => undefined]);

const stored = () => { const theme = localStorage.getItem(kStored) as Theme | null; return theme && kThemes.includes(theme) ? theme : 'system'; };
const dark = matchMedia('(prefers-color-scheme: dark)');
const apply = (theme: Theme) => { document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme; };
apply(stored());   // before anything is drawn

export function ThemeProvider({ children }: { children: ReactNode }) {
    const [theme, setTheme] = useState<Theme>(stored);
    useEffect(() => {
        const follow = () => apply(theme);
        follow();
        dark.addEventListener('change', follow);
        return () => dark.removeEventListener('change', follow);
    }, [theme]);
    return <Context.Provider value={[theme, next => { localStorage.setItem(kStored, next); setTheme(next); }]}>{children}</Context.Provider>;
}
export const useTheme = () => useContext(Context);
