import type { ChangeKind } from '../change/kind';
import type { StageContext } from '../engine/playbook';

/** How a thing looks now that a change would make: a stage may have to know before it says what is to do. */
export async function stateOf<Spec, State>(
  context: Pick<StageContext<unknown>, 'look'>,
  node: string,
  kind: ChangeKind<Spec, State>,
  spec: Spec,
): Promise<State> {
  const { stdout } = await context.look(node, kind.read(spec), { root: true });
  return kind.parse(spec, stdout);
}
