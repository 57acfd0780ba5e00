import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../../../fixtures/samples/', import.meta.url);

/** A real output by file name. */
export function sample(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

export function allSamples(): { name: string; text: string }[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('.src'))
    .map((name) => ({ name, text: sample(name) }));
}
