import type { Settings } from '../api/types';

/** Shows the chosen theme at once; `system` goes on following the computer. @returns the way to end it */
export function followTheme(theme: Settings['theme']): () => void {
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const show = () => {
    document.documentElement.dataset['theme'] =
      theme === 'system' ? (light.matches ? 'light' : 'dark') : theme;
  };
  show();
  light.addEventListener('change', show);
  return () => light.removeEventListener('change', show);
}
