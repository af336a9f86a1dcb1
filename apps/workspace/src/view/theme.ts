import { storage } from '../state/storage.js';

/** Light, dark, or like the system. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'parley:theme';

export function chosenTheme(): Theme {
  const kept = storage?.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function chooseTheme(theme: Theme): void {
  storage?.setItem(KEY, theme);
  applyTheme();
}

export function applyTheme(): void {
  const theme = chosenTheme();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
