/** How the probe runs a section: `timeout -s KILL SECONDS /bin/sh -c WRAP NAME SCRIPT BYTES`. */
export interface ProbeSection {
  readonly seconds: number;
  readonly script: string;
  readonly maxBytes: number;
  readonly maxErrorBytes: number;
}

/** The probe's wrapper; N stands for the number of bytes that it keeps of stderr. */
const wrapText = [
  'exec 4>&1',
  'e=$({ { exec 4>&-; (eval "$1") </dev/null 2>&3 3>&-; printf "\\n%s" "$?"; } |',
  'head -c "$2" | base64 -w0 >&4; } 3>&1 | head -c N)',
  `printf ' '`,
  '[ -z "$e" ] || printf %s "$e" | base64 -w0',
].join('\n');

/**
 * Recognises the probe's wrapper in the arguments of timeout(1). The interpreter cannot send a pipe inside `$(…)` to
 * a descriptor outside of it, so what the wrapper prints is made without running it.
 */
export function probeSection(args: readonly string[]): ProbeSection | undefined {
  const [dashS, kill, seconds = '', shell, dashC, wrap = '', name, script, bytes = '', ...more] = args;
  if (dashS !== '-s' || kill !== 'KILL' || shell !== '/bin/sh' || dashC !== '-c') return undefined;
  if (name === undefined || script === undefined || more.length > 0) return undefined;
  const kept = /head -c (\d+)\)$/m.exec(wrap)?.[1];
  if (kept === undefined || wrap.replace(/head -c \d+\)$/m, 'head -c N)') !== wrapText) return undefined;
  const section = {
    seconds: Number(seconds),
    script,
    maxBytes: Number(bytes),
    maxErrorBytes: Number(kept),
  };
  return Number.isFinite(section.seconds) && Number.isFinite(section.maxBytes) ? section : undefined;
}
