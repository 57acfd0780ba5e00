import { IntlMessageFormat } from 'intl-messageformat';
import type { FailureInfo } from '../contract/failure';
import type { Message } from '../contract/message';
import { readableKeys, selectValues } from './icu';
import { plain } from './plain';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];
export type Catalogue = Readonly<Record<string, string>>;
type Params = Readonly<Record<string, string | number>>;

/** `--lang`, else the environment as gettext reads it, else what the system says; English for what we do not speak. */
export function chooseLanguage(
  wanted: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const named =
    wanted ??
    [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '') ??
    Intl.DateTimeFormat().resolvedOptions().locale;
  return /^ko([-_.@]|$)/i.test(named) ? 'ko' : 'en';
}

/** The catalogue of one language, English behind it. */
export async function loadWords(language: Language): Promise<Words> {
  const english = (await import('../../resources/locales/en.json')).default as Catalogue;
  if (language === 'en') return new Words(language, english, english);
  const korean = (await import('../../resources/locales/ko.json')).default as Catalogue;
  return new Words(language, korean, english);
}

/** Turns codes and parameters into sentences. Every parameter is filtered: it may come from a node. */
export class Words {
  readonly locale: string;
  readonly #formats = new Map<string, IntlMessageFormat>();
  readonly #number: Intl.NumberFormat;

  constructor(
    readonly language: Language,
    private readonly texts: Catalogue,
    private readonly english: Catalogue,
  ) {
    this.locale = language === 'ko' ? 'ko-KR' : 'en-US';
    this.#number = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 });
  }

  has(code: string): boolean {
    return this.texts[code] !== undefined || this.english[code] !== undefined;
  }

  /** The sentence for `code`; a code without one is shown itself, with its parameters. */
  say(code: string, params: Params = {}): string {
    const text = this.texts[code] ?? this.english[code];
    if (text === undefined) return this.#bare(code, params);
    if (!/[{}']/.test(text)) return text;
    const clean: Record<string, string | number> = {};
    for (const name of parameters(text)) clean[name] = '?';
    for (const [name, value] of Object.entries(params)) {
      clean[name] = typeof value === 'string' ? plain(value) : value;
    }
    try {
      return String(this.#format(code, text).format(selectValues(clean)));
    } catch {
      return this.#bare(code, params);
    }
  }

  message({ code, params }: Message): string {
    return this.say(code, params);
  }

  /** What happened and what to do; `node` is told beside it. */
  failure(info: FailureInfo): { what: string; remedy: string } {
    const params = { node: info.node ?? '', ...info.params };
    return {
      what: this.say(`failure.${info.code}.what`, params),
      remedy: this.say(`failure.${info.code}.remedy`, params),
    };
  }

  /** A stage's name for people; its id where the playbook has none. */
  stage(playbook: string, stage: string): string {
    const family = playbook.split('-')[0] ?? playbook;
    const codes = [
      `${playbook}.${stage}.title`,
      `${family}.${stage}.title`,
      `${family}.stage.${stage}.title`,
    ];
    const known = codes.find((code) => this.has(code));
    return known === undefined ? plain(stage) : this.say(known);
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  bytes(value: number): string {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    const step = value <= 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
    return `${this.number(value / 1024 ** step)} ${units[step] ?? ''}`;
  }

  duration(ms: number): string {
    const of = (value: number, unit: string) =>
      new Intl.NumberFormat(this.locale, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: unit === 'second' && value < 10 ? 1 : 0,
      }).format(value);
    const seconds = ms / 1000;
    if (seconds < 60) return of(seconds, 'second');
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${of(minutes, 'minute')} ${of(Math.floor(seconds % 60), 'second')}`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return `${of(hours, 'hour')} ${of(minutes % 60, 'minute')}`;
    return of(Math.floor(hours / 24), 'day');
  }

  when(time: number): string {
    return new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
  }

  #bare(code: string, params: Params): string {
    const told = Object.entries(params).map(([name, value]) => `${name}: ${plain(String(value))}`);
    return told.length === 0 ? plain(code) : `${plain(code)} (${told.join(', ')})`;
  }

  #format(code: string, text: string): IntlMessageFormat {
    let format = this.#formats.get(code);
    if (!format) {
      format = new IntlMessageFormat(readableKeys(text), this.locale, undefined, { ignoreTag: true });
      this.#formats.set(code, format);
    }
    return format;
  }
}

/** Names of the parameters that a text may use. */
export function parameters(text: string): string[] {
  return [
    ...new Set([...text.matchAll(/\{\s*([A-Za-z][A-Za-z0-9_-]*)\s*[,}]/g)].map(([, name]) => name ?? '')),
  ];
}
