import { createHash } from 'node:crypto';
import type { BenchConditions } from '../../../contract/bench-record';
import type { Fact, NodeFacts } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';

/** What a node is like when something is measured on it. */
export function conditionsOf(name: string, facts: NodeFacts, firmware: string | null): BenchConditions {
  return {
    name,
    hostname: of(facts.hostname, (hostname) => hostname),
    release: of(facts.release, ({ version }) => version),
    kernel: of(facts.kernel, ({ release }) => release),
    driver: of(facts.gpus, (gpus) => gpus[0]?.driver ?? null),
    cuda: of(facts.cuda, (cuda) => cuda),
    firmware,
    ports: facts.ports.known ? facts.ports.value : [],
  };
}

function of<T>(fact: Fact<T>, value: (known: T) => string | null): string | null {
  return fact.known ? value(fact.value) : null;
}

/** Names a pair of machines by their host keys, whatever they are called and whichever is the first. */
export function pairDigest(hostKeys: Pair<string>): string {
  return createHash('sha256').update(hostKeys.toSorted().join('\n')).digest('hex').slice(0, 32);
}
