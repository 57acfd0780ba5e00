import type { FailureInfo } from '../../contract/failure';
import type { Message } from '../../contract/message';

/** The words of one language, as much of them as a report needs. */
export interface Speech {
  readonly language: string;
  say(code: string, params?: Readonly<Record<string, string | number>>): string;
  message(message: Message): string;
  /** A stage's name for people. */
  stage(playbook: string, stage: string): string;
  failure(info: FailureInfo): { what: string; remedy: string };
  has(code: string): boolean;
  number(value: number): string;
  bytes(value: number): string;
  duration(ms: number): string;
}
