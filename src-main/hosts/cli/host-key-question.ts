import type { HostKeyDecider, UnknownHostKey } from '../../core/ports';
import type { Asker } from './asker';
import type { Words } from '../../words/words';

/** Asks about a host key that nobody knows. Where nobody can be asked it is refused; `--yes` makes no difference. */
export class HostKeyQuestion implements HostKeyDecider {
  constructor(
    private readonly asker: (() => Promise<Asker>) | undefined,
    private readonly words: Words,
    private readonly note: (text: string) => void,
  ) {}

  async accept(key: UnknownHostKey, signal?: AbortSignal): Promise<boolean> {
    const asker = await this.asker?.();
    if (!asker) return false;
    const { node, host, port, keyType, fingerprint } = key;
    const params = { node, host, port: String(port), keyType, fingerprint };
    // The advice belongs to the question: two nodes may ask one after the other.
    const question = `${this.words.say('cli.host-key.unknown', params)} ${this.words.say('cli.host-key.question', params)}`;
    const accepted = await asker.confirm(question, signal);
    if (!accepted) this.note(this.words.say('cli.host-key.refused', params));
    return accepted;
  }
}
