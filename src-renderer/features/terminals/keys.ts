/** What a key does to the terminal itself. Every other key goes to the shell. */
export type Shortcut = 'copy' | 'paste' | 'search' | 'clear' | 'leave' | 'leave-back';

export interface Key {
  readonly type: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const letters: Readonly<Record<string, Shortcut>> = {
  KeyC: 'copy',
  KeyV: 'paste',
  KeyF: 'search',
  KeyK: 'clear',
};

/**
 * Ctrl+Shift and a letter, on a Mac Cmd and the letter: Ctrl and a letter alone belong to the shell. F6 and Shift+F6 leave
 * the terminal, where Tab belongs to the shell too. By the key's place, so that it is the same with a Korean layout.
 */
export function shortcut(key: Key, mac: boolean): Shortcut | null {
  if (key.type !== 'keydown' || key.altKey) return null;
  if (key.code === 'F6' && !key.ctrlKey && !key.metaKey) return key.shiftKey ? 'leave-back' : 'leave';
  const chord = mac
    ? key.metaKey && !key.ctrlKey && !key.shiftKey
    : key.ctrlKey && key.shiftKey && !key.metaKey;
  return chord ? (letters[key.code] ?? null) : null;
}
