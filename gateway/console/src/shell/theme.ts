/** Light or dark: the system's choice, until the person makes another. */
import { useCallback, useEffect, useState } from 'preact/hooks';

const KEY = 'roadwatch.theme';
type Theme = 'light' | 'dark';

/** Returns the switch. */
export function useTheme(): () => void {
  const [theme, setTheme] = useState<Theme | null>(() => {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : null;
  });
  useEffect(() => {
    if (theme === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return useCallback(() => {
    setTheme((current) => {
      const dark = current === null ? matchMedia('(prefers-color-scheme: dark)').matches : current === 'dark';
      const next: Theme = dark ? 'light' : 'dark';
      localStorage.setItem(KEY, next);
      return next;
    });
  }, []);
}
