import type { MethodName } from './method-names';

/**
 * What the preload gives to the window as `window.twinspark`: a function for each method, by name, and the pushes. Nothing
 * of Electron gets through, and both sides check what they get.
 */
export interface Bridge {
  readonly ask: Readonly<
    Record<
      MethodName,
      (params: unknown) => Promise<{ readonly result: unknown } | { readonly failure: unknown }>
    >
  >;
  onPush(listener: (push: unknown) => void): void;
}
