import type { BenchRecord } from '../../../api/types';
import type { Sayer } from '../charts/figures';
import { valuesOf } from '../record/conditions';

type Words = Sayer & { number(value: number): string };

/** Something of a node that was not the same in all measurements. */
export interface Changed {
  readonly id: string;
  /** The node's place in the pair. */
  readonly place: 0 | 1;
  readonly label: string;
  /** In the order of the measurements; `changed`: not what it was in the one before. */
  readonly values: readonly { readonly text: string; readonly changed: boolean }[];
}

/** Before and after: what has changed in the conditions of both nodes. @param records oldest first */
export function changesBetween(records: readonly Pick<BenchRecord, 'nodes'>[], words: Words): Changed[] {
  return ([0, 1] as const).flatMap((place) => {
    const each = records.map(({ nodes }) => valuesOf(nodes[place], words));
    return [...(each[0]?.keys() ?? [])].flatMap((id): Changed[] => {
      const texts = each.map((values) => values.get(id) ?? '–');
      if (new Set(texts).size < 2) return [];
      const values = texts.map((text, index) => ({ text, changed: index > 0 && text !== texts[index - 1] }));
      return [{ id, place, label: words.say(`bench.view.condition.${id}`), values }];
    });
  });
}
