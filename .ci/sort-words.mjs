// Sorts the catalogues by key, as a test demands: `node .ci/sort-words.mjs` after adding words.
import { readFileSync, writeFileSync } from 'node:fs';

for (const language of ['en', 'ko']) {
  const file = new URL(`../resources/locales/${language}.json`, import.meta.url);
  const texts = JSON.parse(readFileSync(file, 'utf8'));
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}
