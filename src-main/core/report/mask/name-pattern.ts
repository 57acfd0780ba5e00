import { literal } from './placeholders';

/** Names that are words of this field besides: replaced only where they stand alone, as they are written. */
const common = new Set(
  (
    'nvidia spark sparks dgx gx10 gb10 ubuntu debian docker admin administrator user users test guest host node nodes local ' +
    'home bench link mpi nccl nixl ucx vllm twinspark cluster asus dell lenovo acer gigabyte report server client master ' +
    'worker head ssh network linux machine desktop laptop main default system'
  ).split(' '),
);

/** Nobody is told apart by these. */
const nobody = new Set(['', 'root', 'localhost', 'localhost.localdomain', '?', '-']);

export function tells(name: string): boolean {
  return name.length > 1 && !nobody.has(name.toLowerCase());
}

/**
 * A pattern for a name in any text. A long one is found inside other words as well (`alice` in `alices-laptop`), a short one
 * between what is no letter and no digit, and one that is also a common word only where it stands alone.
 */
export function namePattern(name: string): RegExp {
  const text = literal(name);
  const stem = name.toLowerCase().replace(/-?\d{0,2}$/, '');
  if (common.has(name.toLowerCase()) || common.has(stem)) {
    return new RegExp(`(?<![A-Za-z0-9_.-])${text}(?![A-Za-z0-9_-])`, 'g');
  }
  if (name.length >= 5) return new RegExp(text, 'gi');
  return new RegExp(`(?<![A-Za-z0-9])${text}(?![A-Za-z0-9])`, 'gi');
}

export function longestFirst(names: Iterable<string>): string[] {
  return [...new Set(names)].filter(tells).sort((one, other) => other.length - one.length);
}
