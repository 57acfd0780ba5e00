import { raw } from '../shell/quote';
import { isHostName, known, linesOf, malformed, parser } from './parsed';
import { section } from './section';

export const kernelSection = section('kernel', 'system', 'uname -snrm', raw('uname -snrm'), {
  maxBytes: 4096,
});

export interface Kernel {
  readonly release: string;
  readonly arch: string;
}

/** `uname -snrm`: system, node name, release, machine. A node name with spaces in it does not spoil the rest. */
export const parseKernel = parser<Kernel>((text) => {
  const words = unameWords(text);
  const release = words.at(-2) ?? '';
  const arch = words.at(-1) ?? '';
  const fine = /^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/.test(release) && /^[A-Za-z0-9_-]{1,32}$/.test(arch);
  return words.length >= 4 && fine ? known({ release, arch }) : malformed('not what uname -snrm prints');
});

/** The node name in `uname -snrm`. */
export const parseHostname = parser<string>((text) => {
  const words = unameWords(text);
  const name = words[1] ?? '';
  return words.length === 4 && isHostName(name) ? known(name) : malformed('no valid host name');
});

function unameWords(text: string): string[] {
  const line = linesOf(text).find((one) => /^(Linux|Darwin|FreeBSD) /.test(one));
  return line === undefined ? [] : line.split(' ');
}
