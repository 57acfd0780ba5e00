import type { BenchRecord } from '../../../contract/bench-record';
import type { BenchVerdict } from '../../../contract/benchmark';
import { recognise } from '../verdict/pathologies';

export type Causes = BenchVerdict['causes'];

const heavy: Record<BenchVerdict['level'], number> = { bad: 4, suspicious: 2, unknown: 1, healthy: 0 };

/**
 * The causes of several tests as one list without duplicates, most likely first. A test that names one cause is surer of it
 * than one that lists five; a cause that several tests name is likelier than any of theirs.
 * @param first proven already: they stay in front
 */
export function mergeCauses(
  first: Causes,
  tests: readonly { readonly level: BenchVerdict['level']; readonly causes: Causes }[],
): Causes {
  const scores = new Map<string, { score: number; one: Causes[number] }>();
  for (const { level, causes } of tests) {
    for (const [place, one] of causes.entries()) {
      const share = heavy[level] / causes.length / (place + 1);
      // Which half, or which port, is not known: a guess.
      const score = isGuess(one) ? share / 2 : share;
      const before = scores.get(one.cause.code);
      scores.set(one.cause.code, {
        score: score + (before?.score ?? 0),
        one: before === undefined || isGuess(before.one) ? one : before.one,
      });
    }
  }
  const known = new Set(first.map(({ cause }) => cause.code));
  const others = [...scores.values()]
    .filter(({ score, one }) => score > 0 && !known.has(one.cause.code))
    .sort((a, b) => b.score - a.score);
  return [...unique(first), ...others.map(({ one }) => one)];
}

function isGuess({ cause }: Causes[number]): boolean {
  return Object.values(cause.params).includes('unknown');
}

/** Both machines may say the same of their ports: that is two things. The same of both halves is one. */
function unique(causes: Causes): Causes {
  const said = new Set<string>();
  return causes.filter(({ cause: { code, params } }) => {
    const text = `${code} ${params['node'] ?? ''}`;
    if (said.has(text)) return false;
    said.add(text);
    return true;
  });
}

/** Those causes of a measurement that its counters, its ports or its own words prove. */
export function provenCauses({
  result,
  parts,
  request,
  traffic,
  nodes,
  verdict,
  failure,
}: BenchRecord): Causes {
  const context = {
    halves: request.halves === 'both' ? 2 : 1,
    traffic,
    ports: nodes.flatMap(({ ports }) => ports),
  } as const;
  const found = [
    ...(result === null ? [] : recognise(result, context)),
    // Each half on its own: one that answers does not make up for one that does not.
    ...(request.tool === 'ping' ? parts.flatMap((part) => recognise(part.result, {})) : []),
  ];
  const certain = new Set(found.flatMap((one) => (one.certain ? [`bench.cause.${one.cause}`] : [])));
  return [...verdict.causes.filter(({ cause }) => certain.has(cause.code)), ...(failure?.causes ?? [])];
}
