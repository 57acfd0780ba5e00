import { getContext, setContext } from 'svelte';
import { loadWords, type Language, type Words } from '../api/words';
import type { FailureInfo, Message } from '../api/types';
import type { AppState } from './app-state.svelte';

type Params = Message['params'];

/**
 * The words of the chosen language, reactive: what a template says through this changes when the language does. A language
 * is loaded when it is first wanted; until then the former one stays.
 */
export class WordsState {
  #current: Words;

  constructor(first: Words) {
    this.#current = $state.raw(first);
  }

  get language(): Language {
    return this.#current.language;
  }

  /** BCP 47, for Intl. */
  get locale(): string {
    return this.#current.locale;
  }

  has(code: string): boolean {
    return this.#current.has(code);
  }

  say(code: string, params: Params = {}): string {
    return this.#current.say(code, params);
  }

  message(message: Message): string {
    return this.#current.message(message);
  }

  /**
   * What happened and what to do. The remedy is the window's own where it has one: the common one may name commands and
   * options of the command line.
   */
  failure(info: FailureInfo): { what: string; remedy: string } {
    const told = this.#current.failure(info);
    const own = `window.ui.remedy.${info.code}`;
    if (!this.#current.has(own)) return told;
    return { what: told.what, remedy: this.#current.say(own, { node: info.node ?? '', ...info.params }) };
  }

  /** A playbook's name for people; its id where it has none. */
  playbook(id: string): string {
    const codes = [`${id}.title`, `${id.split('-')[0] ?? id}.title`];
    const known = codes.find((code) => this.#current.has(code));
    return known === undefined ? id : this.#current.say(known);
  }

  stage(playbook: string, stage: string): string {
    return this.#current.stage(playbook, stage);
  }

  number(value: number): string {
    return this.#current.number(value);
  }

  bytes(value: number): string {
    return this.#current.bytes(value);
  }

  duration(ms: number): string {
    return this.#current.duration(ms);
  }

  when(time: number): string {
    return this.#current.when(time);
  }

  /** Shows another language as soon as its words are there. */
  async show(language: Language): Promise<void> {
    document.documentElement.lang = language;
    if (this.#current.language === language) return;
    const words = await loadWords(language);
    if (document.documentElement.lang === language) this.#current = words;
  }
}

/** The language that the settings ask for. */
export function chosenLanguage(app: AppState): Language {
  return app.settings.language === 'system' ? app.info.systemLanguage : app.settings.language;
}

const key = Symbol('words');

export function provideWords(words: WordsState): void {
  setContext(key, words);
}

/** The words; call it while a component is set up. */
export function useWords(): WordsState {
  return getContext<WordsState>(key);
}
