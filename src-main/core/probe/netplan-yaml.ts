import { parseDocument } from 'yaml';
import { isInterfaceName, known, label, malformed, parser } from './parsed';

export type Renderer = 'networkd' | 'NetworkManager';

/** One interface that a netplan file configures. */
export interface NetplanInterface {
  /** `ethernets`, `bridges`, `bonds`, `vlans`… */
  readonly kind: string;
  /** Its id in the file; the interface's name unless it is matched otherwise. */
  readonly id: string;
  /** `match.name`, which may be a pattern (`enp1*`), and `set-name`. */
  readonly match: string | null;
  readonly setName: string | null;
  readonly addresses: readonly string[];
}

export interface NetplanYaml {
  /** The global renderer; null where the file names none. */
  readonly renderer: Renderer | null;
  readonly interfaces: readonly NetplanInterface[];
}

const SIZE_LIMIT = 256 * 1024;

/** One netplan file. Aliases are bounded and nothing in it is run; netplan itself decides on what it means. */
export const parseNetplanYaml = parser<NetplanYaml>((text) => {
  if (text.length > SIZE_LIMIT) return malformed('larger than any netplan file');
  // The check for repeated keys takes quadratic time, and netplan refuses such a file itself.
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return malformed(`not YAML: ${error.message}`);
  const top: unknown = document.toJS({ maxAliasCount: 100 });
  if (top === null) return known({ renderer: null, interfaces: [] });
  const network = child(top, 'network');
  if (network === null)
    return isRecord(top) ? known({ renderer: null, interfaces: [] }) : malformed('no mapping');
  return known({ renderer: rendererOf(network), interfaces: interfacesOf(network) });
});

function interfacesOf(network: Record<string, unknown>): NetplanInterface[] {
  return Object.keys(network).flatMap((kind) => {
    const group = child(network, kind);
    if (group === null || label(kind, 32) === null) return [];
    return Object.keys(group).flatMap((id): NetplanInterface[] => {
      const definition = child(group, id);
      if (definition === null || label(id, 64) === null) return [];
      const setName = text(definition, 'set-name');
      const match = text(child(definition, 'match') ?? {}, 'name');
      return [
        {
          kind,
          id,
          match,
          setName: setName !== null && isInterfaceName(setName) ? setName : null,
          addresses: addressesOf(definition['addresses']),
        },
      ];
    });
  });
}

/** Addresses are plain (`10.0.0.1/24`) or a mapping of the address to its options. */
function addressesOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((entry) => {
    const address = isRecord(entry) ? Object.keys(entry)[0] : entry;
    const shown = typeof address === 'string' ? label(address, 64) : null;
    return shown === null ? [] : [shown];
  });
}

function rendererOf(network: Record<string, unknown>): Renderer | null {
  const renderer = network['renderer'];
  return renderer === 'networkd' || renderer === 'NetworkManager' ? renderer : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function child(value: unknown, key: string): Record<string, unknown> | null {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : null;
  return isRecord(found) ? found : null;
}

function text(record: Record<string, unknown>, key: string): string | null {
  const value = Object.hasOwn(record, key) ? record[key] : null;
  return typeof value === 'string' ? label(value, 64) : null;
}
