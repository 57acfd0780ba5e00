import type { Account } from '../../../contract/facts';
import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import { pairEnvironment } from '../../benchmark/environment';
import { benchLinks, type BenchLink } from '../../benchmark/links';
import type { NodeView, Pair, Stage, StageContext } from '../../engine/playbook';
import { blocked, both, nameOf, valueOf } from '../pair';
import { blocker, note } from './codes';
import { lookAt, type Look } from './look';
import type { Place, Shared } from './shared';

const GIB = 1024 ** 3;
/** The compilers of all cores at once, and the system beside them. */
const NEEDED_MEMORY = 8 * GIB;
/** Both trees with all that is made of them take about a third of it. */
const NEEDED_DISK = 6 * GIB;
/** The first toolkit whose compiler knows GB10 (compute_121). */
const NEEDED_CUDA = '12.9';

/** All that NVIDIA's playbook takes for granted, and the pair as Connect Two Sparks leaves it. Changes nothing. */
export const prerequisites: Stage<Shared> = {
  id: 'prerequisites',
  needs: [],
  async assess(context) {
    const { nodes, inputs } = context;
    const first = [...nodes.flatMap(factBlockers), ...accountBlockers(nodes)];
    if (first.length > 0) return blocked(first);
    const accounts = both(nodes, ({ facts }) => accountOf(valueOf(facts.account)));
    const folders = both(accounts, ({ home }) => folderIn(home, inputs['nccl.folder'] ?? ''));
    const links = benchLinks([nodes[0].facts, nodes[1].facts]);
    const looks = await Promise.all([
      lookAt(context, nodes[0], folders[0], links[0]?.address[1]),
      lookAt(context, nodes[1], folders[1], links[0]?.address[0]),
    ]);
    const found = [
      ...nodes.flatMap((view, end) =>
        nodeBlockers(context, view, folders[end as 0 | 1], looks[end as 0 | 1]),
      ),
      ...sameCuda(looks),
      ...releaseBlockers(context),
      ...(links.length === 0 ? [blocker('nccl.prerequisites.no-link', {})] : loginBlockers(nodes, looks)),
    ];
    const places = both(nodes, (view, end): Place => ({
      node: nameOf(view),
      user: accounts[end].name,
      group: groupOf(accounts[end]),
      home: accounts[end].home,
      folder: folders[end],
      cudaHome: looks[end].cudaHome ?? '',
      triplet: `${valueOf(view.facts.kernel)?.arch ?? 'aarch64'}-linux-gnu`,
    }));
    if (found.length > 0) return blocked(found);
    context.shared.places = places;
    context.shared.links = links;
    context.shared.pair = pairEnvironment(links, { facts: [nodes[0].facts, nodes[1].facts] });
    return {
      status: 'satisfied',
      notes: [...describe(nodes, looks), ...linkNotes(nodes, links), ...accepted(context)],
    };
  },
};

/** Facts without which nothing can be said. */
function factBlockers({ facts, address: { name: node } }: NodeView): Blocker[] {
  const missing = (['account', 'kernel', 'ports', 'addresses'] as const).flatMap((what) => {
    const fact = facts[what];
    if (fact.known) return [];
    return [blocker('nccl.prerequisites.facts-missing', { node, what, detail: fact.detail }, { node })];
  });
  if (valueOf(facts.sudo) !== 'granted') missing.push(blocker('nccl.prerequisites.sudo', { node }, { node }));
  return missing;
}

/** mpirun refuses root, and one name has to be good on both nodes. */
function accountBlockers(nodes: Pair<NodeView>): Blocker[] {
  const [user1, user2] = both(nodes, ({ facts, address }) => valueOf(facts.account)?.name ?? address.user);
  const roots = nodes.filter(({ facts }) => valueOf(facts.account)?.uid === 0);
  if (roots.length > 0)
    return roots.map((view) =>
      blocker('nccl.prerequisites.root', { node: nameOf(view) }, { node: nameOf(view) }),
    );
  return user1 === user2 ? [] : [blocker('nccl.prerequisites.users-differ', { user1, user2 })];
}

function nodeBlockers(context: StageContext<Shared>, view: NodeView, path: string, look: Look): Blocker[] {
  const node = nameOf(view);
  const { gpus, memory } = view.facts;
  const found: Blocker[] = [];
  if (!gpus.known || gpus.value.length === 0)
    found.push(
      blocker('nccl.prerequisites.no-gpu', { node, detail: gpus.known ? '' : gpus.detail }, { node }),
    );
  if (look.cudaHome === undefined) found.push(blocker('nccl.prerequisites.no-nvcc', { node }, { node }));
  else if (needsNewCuda(context.inputs['nccl.gencode'] ?? '') && isOlder(look.cuda ?? '', NEEDED_CUDA)) {
    const params = { node, cuda: look.cuda ?? '?', needed: NEEDED_CUDA };
    found.push(blocker('nccl.prerequisites.cuda-old', params, { node }));
  }
  if (memory.known && memory.value.availableBytes < NEEDED_MEMORY) {
    const params = { node, free: gib(memory.value.availableBytes), needed: gib(NEEDED_MEMORY) };
    found.push(blocker('nccl.prerequisites.memory', params, { node }));
  }
  if (look.freeBytes !== undefined && look.freeBytes < NEEDED_DISK) {
    const params = { node, path, free: gib(look.freeBytes), needed: gib(NEEDED_DISK) };
    found.push(blocker('nccl.prerequisites.disk', params, { node }));
  }
  if (look.folder !== 'yes')
    found.push(blocker('nccl.prerequisites.folder', { node, path: look.folder }, { node }));
  return found;
}

/** A program built with one toolkit and linked with another's libraries fails when it is run, not before. */
function sameCuda(looks: readonly [Look, Look]): Blocker[] {
  const [cuda1, cuda2] = [looks[0].cuda, looks[1].cuda];
  if (cuda1 === undefined || cuda2 === undefined || major(cuda1) === major(cuda2)) return [];
  return [blocker('nccl.prerequisites.cuda-differs', { cuda1, cuda2 })];
}

function releases({ nodes }: StageContext<Shared>): { release1: string; release2: string } | undefined {
  const [release1, release2] = both(nodes, ({ facts }) => valueOf(facts.release)?.version);
  if (release1 === undefined || release2 === undefined || release1 === release2) return undefined;
  return { release1, release2 };
}

function releaseBlockers(context: StageContext<Shared>): Blocker[] {
  const different = releases(context);
  if (different === undefined || context.inputs['prerequisites.release'] === 'accept') return [];
  const decide = { input: 'prerequisites.release', values: ['accept'] };
  return [blocker('nccl.prerequisites.release-differs', different, { decide })];
}

function accepted(context: StageContext<Shared>): Message[] {
  const different = releases(context);
  return different === undefined ? [] : [note('nccl.prerequisites.release-accepted', different)];
}

/** mpirun on one node starts its other half by ssh, and either node may be the one. */
function loginBlockers(nodes: Pair<NodeView>, looks: readonly [Look, Look]): Blocker[] {
  return nodes.flatMap((view, end) => {
    const { code, said } = looks[end as 0 | 1].login;
    const peer = nodes[end === 0 ? 1 : 0];
    const expected = valueOf(peer.facts.hostname);
    // A warning of ssh may stand before the answer.
    if (code === 0 && (expected === undefined || said.split(' ').at(-1) === expected)) return [];
    const user = valueOf(view.facts.account)?.name ?? view.address.user;
    const params = { node: nameOf(view), peer: nameOf(peer), user, detail: said };
    return [blocker('nccl.prerequisites.no-login', params, { node: nameOf(view) })];
  });
}

function describe(nodes: Pair<NodeView>, looks: readonly [Look, Look]): Message[] {
  return nodes.map((view, end) =>
    note('nccl.prerequisites.node', {
      node: nameOf(view),
      gpu: valueOf(view.facts.gpus)?.[0]?.name ?? '?',
      cuda: looks[end as 0 | 1].cuda ?? '?',
      user: valueOf(view.facts.account)?.name ?? '?',
    }),
  );
}

function linkNotes(nodes: Pair<NodeView>, links: readonly BenchLink[]): Message[] {
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  const ports = both(nodes, (_, end) => links.map(({ netdev }) => netdev[end]).join(', '));
  const found = [note('nccl.prerequisites.links', { ports1: ports[0], ports2: ports[1], ...names })];
  const halves = new Set(links.map(({ half }) => half));
  const [only] = halves;
  if (halves.size === 1 && only !== null && only !== undefined)
    found.push(note('nccl.prerequisites.one-half', { half: only }));
  const blind = nodes.filter((_, end) => links.some(({ rdma }) => rdma[end as 0 | 1] === null));
  return [...found, ...blind.map((view) => note('nccl.prerequisites.no-rdma', { node: nameOf(view) }))];
}

function accountOf(account: Account | undefined): Account {
  return account ?? { name: '', uid: 0, gid: 0, home: '/', shell: '', groups: [] };
}

/** The account's own group; by number where its name is none that a local command takes. */
function groupOf({ groups, gid }: Account): string {
  const [primary] = groups;
  return primary !== undefined && /^[a-z_][a-z0-9_-]{0,31}$/.test(primary) ? primary : String(gid);
}

function folderIn(home: string, folder: string): string {
  return folder.startsWith('/') ? folder : `${home}/${folder}`;
}

function needsNewCuda(gencode: string): boolean {
  return gencode.includes('compute_121');
}

function major(version: string): string {
  return version.split('.')[0] ?? version;
}

function isOlder(version: string, than: string): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  const [x = 0, y = 0] = than.split('.').map(Number);
  return a < x || (a === x && b < y);
}

function gib(bytes: number): number {
  return Math.floor((bytes / GIB) * 10) / 10;
}
