import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { CxPort, NodeFacts } from '../../../contract/facts';
import { netplanPath } from './inputs';
import { isCxName } from './names';
import { signature } from './netplan-document';

/** What a netplan file says about one CX-7 port. */
export interface PortDefinition {
  readonly port: string;
  /** CIDR. */
  readonly addresses: readonly string[];
  readonly linkLocalIpv4: boolean;
}

/** Somebody's netplan file that configures a CX-7 port, or lies where ours goes. */
export interface ForeignFile {
  readonly path: string;
  readonly ports: readonly PortDefinition[];
  /** What else it configures; such a file is never taken away. */
  readonly others: readonly string[];
  /** Why it could not be understood. */
  readonly problem: string | null;
}

export interface NetplanPicture {
  readonly foreign: readonly ForeignFile[];
  /** Our own file, written by an earlier run. */
  readonly own: {
    readonly text: string;
    readonly mode: string;
    readonly ports: readonly PortDefinition[];
  } | null;
}

type NetplanFile = Extract<NodeFacts['netplan'], { known: true }>['value']['files'][number];

const strings = z.union([z.string().transform((one) => [one]), z.array(z.string())]).catch([]);
const definitionSchema = z
  .object({
    match: z
      .object({ name: strings.optional(), macaddress: z.string().optional(), driver: strings.optional() })
      .optional()
      .catch(undefined),
    'set-name': z.string().optional().catch(undefined),
    addresses: z
      .array(
        z.union([
          z.string(),
          z.record(z.string(), z.unknown()).transform((one) => Object.keys(one)[0] ?? ''),
        ]),
      )
      .catch([])
      .default([]),
    'link-local': z.array(z.string()).catch([]).default([]),
  })
  .catch({ addresses: [], 'link-local': [] });
const networkSchema = z.record(z.string(), z.unknown());
type Definition = z.infer<typeof definitionSchema>;

/** Netplan's own globs: `*`, `?` and `[…]`. */
function globs(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}

interface Interface {
  readonly name: string;
  readonly mac: string | null;
}

function appliesTo(
  id: string,
  { match, 'set-name': setName }: Definition,
  one: Interface,
  isCx: boolean,
): boolean {
  if (setName === one.name) return true;
  if (match === undefined) return id === one.name;
  if (match.name && !match.name.some((pattern) => globs(pattern, one.name))) return false;
  if (match.macaddress !== undefined && match.macaddress.toLowerCase() !== one.mac?.toLowerCase())
    return false;
  // A driver cannot be read from here; only the ConnectX's is known.
  if (match.driver) return isCx && match.driver.some((pattern) => globs(pattern, 'mlx5_core'));
  return true;
}

interface Ground {
  readonly ports: readonly CxPort[];
  /** All interfaces of the node. */
  readonly interfaces: readonly Interface[];
}

interface ReadFile extends ForeignFile {
  /** The global renderer it names. */
  readonly renderer: string | null;
}

/** What one file configures of the CX-7 ports, and what besides them. */
function readFile(path: string, text: string, ground: Ground): ReadFile {
  let top: unknown;
  try {
    const document = parseDocument(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent' });
    if (document.errors[0]) throw document.errors[0];
    top = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not YAML';
    return { path, ports: [], others: [], renderer: null, problem };
  }
  const network = networkSchema.safeParse((top as { network?: unknown } | null)?.network);
  const sections = network.success ? network.data : {};
  const ports: PortDefinition[] = [];
  const others: string[] = [];
  const cxNames = new Set(ground.ports.map(({ netdev }) => netdev));
  for (const [section, members] of Object.entries(sections)) {
    if (section === 'version' || section === 'renderer') continue;
    const definitions = networkSchema.safeParse(members);
    for (const [id, value] of Object.entries(definitions.success ? definitions.data : {})) {
      const definition = definitionSchema.parse(value);
      const cx = ground.ports.filter(({ netdev, mac }) =>
        appliesTo(id, definition, { name: netdev, mac }, true),
      );
      const names = cx.map(({ netdev }) => netdev);
      if (section !== 'ethernets') {
        // A bond, bridge or VLAN on top of a port changes the port as well.
        const members = JSON.stringify(value);
        const on = [...cxNames].filter((name) => members.includes(JSON.stringify(name)));
        ports.push(...on.map((port) => ({ port, addresses: [], linkLocalIpv4: false })));
        others.push(`${section}/${id}`);
        continue;
      }
      const { addresses, 'link-local': linkLocal } = definition;
      ports.push(...names.map((port) => ({ port, addresses, linkLocalIpv4: linkLocal.includes('ipv4') })));
      const besides = ground.interfaces.filter(
        (one) => !cxNames.has(one.name) && appliesTo(id, definition, one, false),
      );
      const absentCx = names.length === 0 && (isCxName(id) || isCxName(definition['set-name'] ?? ''));
      if (besides.length > 0) others.push(...besides.map(({ name }) => name));
      else if (names.length === 0 && !absentCx) others.push(id);
      if (absentCx) ports.push({ port: id, addresses, linkLocalIpv4: linkLocal.includes('ipv4') });
    }
  }
  const renderer = typeof sections['renderer'] === 'string' ? sections['renderer'] : null;
  return { path, ports, others, problem: null, renderer };
}

/** A global renderer that no other file names too: without this file, every interface would change its keeper. */
function aloneWithRenderer(file: ReadFile, all: readonly ReadFile[]): string[] {
  const { renderer } = file;
  if (renderer === null || all.some((one) => one.path !== file.path && one.renderer === renderer)) return [];
  return [`renderer: ${renderer}`];
}

/** Whether a file concerns the CX-7 ports: it configures one, lies where ours goes, or cannot be understood. */
function concerns({ path, ports, others, problem }: ForeignFile): boolean {
  if (path === netplanPath) return true;
  return ports.length > 0 || (problem !== null && others.length === 0);
}

/**
 * Who configures the CX-7 ports. Netplan merges all files, and of two with one name the one in /run hides the one in
 * /etc: hidden files say nothing.
 */
export function netplanPicture(files: readonly NetplanFile[], ground: Ground): NetplanPicture {
  const read: ReadFile[] = [];
  let own: NetplanPicture['own'] = null;
  for (const { path, file, shadowed, problem } of files) {
    if (!file.exists) continue;
    const { content } = file;
    const ours = content?.startsWith(`${signature}\n`) === true;
    if (ours && path === netplanPath)
      own = { text: content, mode: file.mode, ports: readFile(path, content, ground).ports };
    // Ours in /run is a trial that the node itself ends.
    if (ours || shadowed === true) continue;
    const opaque = { path, ports: [], others: [], renderer: null };
    if (content === undefined) read.push({ ...opaque, problem: problem ?? file.type ?? 'not a text file' });
    else read.push(readFile(path, content, ground));
  }
  const foreign = read.filter(concerns).map(({ path, ports, others, problem, ...rest }) => ({
    path,
    ports,
    others: [...others, ...aloneWithRenderer({ path, ports, others, problem, ...rest }, read)],
    problem,
  }));
  return { foreign, own };
}
