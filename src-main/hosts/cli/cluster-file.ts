import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { message, type Message } from '../../contract/message';
import { Failure } from '../../core/failure';
import { clusterSchema, type ClusterNode } from './cluster-schema';

/** A cluster file is a few hundred bytes; anything much larger is something else. */
const MAX_BYTES = 64 * 1024;

type Problem = { code: string; params: Message['params']; at: readonly PropertyKey[]; onKey?: boolean };

/**
 * Reads the two nodes of a cluster file. `identityFile` comes back absolute (`~` and the file's folder filled in).
 * @throws Failure BAD_CLUSTER_FILE (params: file; causes: every problem with its line and column)
 */
export async function readClusterFile(file: string, home: string): Promise<[ClusterNode, ClusterNode]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw bad(file, [{ code: 'unreadable', params: { reason } }]);
  }
  const nodes = parseCluster(text, file);
  const absolute = (node: ClusterNode): ClusterNode =>
    node.identityFile === undefined
      ? node
      : {
          ...node,
          identityFile: path.resolve(path.dirname(file), node.identityFile.replace(/^~(?=$|[/\\])/, home)),
        };
  return [absolute(nodes[0]), absolute(nodes[1])];
}

/** @throws Failure BAD_CLUSTER_FILE */
export function parseCluster(text: string, file: string): [ClusterNode, ClusterNode] {
  if (text.length > MAX_BYTES) throw bad(file, [{ code: 'too-large', params: {} }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) {
    const [at] = broken.linePos ?? [];
    const detail = broken.message.split(/ at line \d+| *\n/)[0] ?? '';
    throw bad(file, [{ code: 'not-yaml', params: { detail, line: at?.line ?? 1, column: at?.col ?? 1 } }]);
  }
  const place = (problem: Problem) => ({
    code: problem.code,
    params: { ...problem.params, ...position(document, lines, problem) },
  });
  const parsed = clusterSchema.safeParse(document.toJS({ maxAliasCount: 10 }));
  if (!parsed.success) throw bad(file, parsed.error.issues.flatMap(problemsOf).map(place));
  const [first, second] = parsed.data.nodes;
  if (!first || !second) throw new Failure('INTERNAL');
  if (first.name === second.name) {
    const twice: Problem = { code: 'same-name', params: { name: first.name }, at: ['nodes', 1, 'name'] };
    throw bad(file, [place(twice)]);
  }
  return [first, second];
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const at = issue.path;
  const key = [...at].reverse().find((part) => typeof part === 'string') ?? 'nodes';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => ({
        code: /passw|secret|passphrase/i.test(name) ? 'password-inside' : 'unknown-key',
        params: { key: name },
        at: [...at, name],
        onKey: true,
      }));
    case 'invalid_type':
      if (issue.input === undefined && issue.message.includes('received undefined')) {
        return [{ code: 'missing', params: { key }, at: at.slice(0, -1) }];
      }
      if (/^[a-z-]+$/.test(issue.message)) return [{ code: issue.message, params: { key }, at }];
      return [{ code: 'wrong-type', params: { key, expected: issue.expected }, at }];
    default:
      return [
        {
          code: /^[a-z-]+$/.test(issue.message) ? issue.message : 'wrong-type',
          params: { key, expected: '' },
          at,
        },
      ];
  }
}

/** Line and column of the value at a path, or of its key; of the nearest thing above where there is none. */
function position(document: Document, lines: LineCounter, { at, onKey }: Problem) {
  if (onKey === true) {
    const parent = document.getIn(at.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === at.at(-1))
      : undefined;
    if (isNode(pair?.key) && pair.key.range) return linePosition(lines, pair.key.range[0]);
  }
  for (let length = at.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(at.slice(0, length), true);
    if (isNode(node) && node.range) return linePosition(lines, node.range[0]);
  }
  return { line: 1, column: 1 };
}

function linePosition(lines: LineCounter, offset: number) {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function bad(file: string, problems: readonly { code: string; params: Message['params'] }[]): Failure {
  const causes = problems.map(({ code, params }) => ({
    cause: message(`cli.cluster.${code}`, params),
    remedy: message(`cli.cluster.${code}.remedy`, params),
  }));
  return new Failure('BAD_CLUSTER_FILE', { file }, { causes });
}
