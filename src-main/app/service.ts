import type { FailureInfo } from '../contract/failure';
import type { LinkName } from '../contract/methods';
import type { Settings } from '../contract/settings';
import type { AppInfo } from '../contract/slices';
import type { Push } from '../contract/wire';

/** What a host does with the app behind its window: the same for the desktop, the browser and tests. */
export interface AppService {
  /** Answers a question of the window. Never rejects: what is malformed or fails is an answer too. */
  ask(method: string, params: unknown): Promise<{ result: unknown } | { failure: FailureInfo }>;
  /** Everything that main tells from now on. @returns the way to end it */
  subscribe(sink: (push: Push) => void): () => void;
  /** What leaving now would cut off: `changing` leaves a run to be recovered. */
  readonly activity: 'idle' | 'reading' | 'changing';
  /** The settings as they are; hosts follow the theme. */
  readonly settings: Settings;
  /** The computer has been asleep: looks whether the connections still stand. */
  woke(): void;
  /** Cancels what can be cancelled, waits for it, closes connections and terminals. */
  close(): Promise<void>;
}

/** Keeps secrets encrypted by the system; absent where the system cannot. */
export interface SecretVault {
  get(key: string): Promise<string | undefined>;
  /** @throws Failure SECRET_NOT_SAVED */
  set(key: string, secret: string): Promise<void>;
  clear(): Promise<void>;
}

/** The settings of a person, as a file or elsewhere. What cannot be read is undefined; it is checked by the app. */
export interface SettingsStore {
  read(): Promise<unknown>;
  /** @throws Failure SETTINGS_WRITE */
  write(settings: Settings): Promise<void>;
}

/** What the app needs of the host it runs in. */
export interface AppHost {
  readonly info: Pick<AppInfo, 'version' | 'host' | 'platform' | 'systemLanguage'>;
  /** Opens one of our pages in the person's browser; in the browser the window does so itself. */
  openLink(link: LinkName): Promise<void>;
  readonly vault: SecretVault | undefined;
}
