import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';

export const kThemes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof kThemes)[number];
const kStored = 'threatlas.theme';
const Context = createContext<readonly [Theme, (theme: Theme) => void]>(['system', () => undefined]);

export function ThemeProvider({ children }: { children: ReactNode }) {
    const [theme, setTheme] = useState<Theme>(() => { const stored = localStorage.getItem(kStored) as Theme | null; return stored && kThemes.includes(stored) ? stored : 'system'; });
    useEffect(() => {
        const dark = matchMedia('(prefers-color-scheme: dark)');
        const apply = () => { document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme; };
        apply();
        dark.addEventListener('change', apply);
        return () => dark.removeEventListener('change', apply);
    }, [theme]);
    return <Context.Provider value={[theme, next => { localStorage.setItem(kStored, next); setTheme(next); }]}>{children}</Context.Provider>;
}
export const useTheme = () => useContext(Context);
