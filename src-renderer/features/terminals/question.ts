import type { Paste } from './input-text';

/** What keeps a command from being typed: then it is offered for copying. */
export type NotTyped = 'not-open' | 'busy' | 'several-lines' | 'too-long';

/** What a pane asks the person, or has to tell, in a dialog. */
export type Question =
  /** null: the link must not be opened. */
  | { readonly kind: 'link'; readonly address: string | null; readonly text: string }
  | { readonly kind: 'paste'; readonly paste: Paste }
  | { readonly kind: 'paste-too-long'; readonly characters: number }
  | { readonly kind: 'not-copied'; readonly text: string }
  | { readonly kind: 'not-typed'; readonly text: string; readonly reason: NotTyped };
