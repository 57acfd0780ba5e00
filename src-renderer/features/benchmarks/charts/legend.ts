import type { Graph, GraphLine } from './graph';

/** Each line once: lanes show the same lines above each other. */
export function legendOf({ lines }: Graph): Pick<GraphLine, 'id' | 'label' | 'look'>[] {
  const named = new Map<string, GraphLine>();
  for (const line of lines) if (!named.has(line.label)) named.set(line.label, line);
  return [...named.values()].map(({ id, label, look }) => ({ id, label, look }));
}
