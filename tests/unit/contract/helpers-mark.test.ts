import { expect, test } from 'vitest';
import { foldHelpers } from '../../../src-main/contract/helpers-mark';
import { helpers, lines, raw, sh } from '../../../src-main/core/shell/quote';

const shared = helpers(raw('fail() { exit 1; }\nseen() { :; }'));

test('takes marked functions out, and leaves the rest line by line', () => {
  const script = lines(shared, raw('seen x'), raw('fail'));
  expect(foldHelpers(script.text)).toEqual([
    { helpers: 'fail() { exit 1; }\nseen() { :; }' },
    { text: 'seen x' },
    { text: 'fail' },
  ]);
});

test('finds them inside a script that is written to a file', () => {
  const inner = lines(shared, raw('seen y'));
  expect(foldHelpers(sh`printf %s ${inner.text} >/run/x`.text)).toEqual([
    { text: "printf %s '" },
    { helpers: 'fail() { exit 1; }\nseen() { :; }' },
    { text: "seen y' >/run/x" },
  ]);
});

test('an unclosed mark hides nothing', () => {
  const text = '#{ helper functions\nrm -rf /';
  expect(foldHelpers(text)).toEqual([{ text: '#{ helper functions' }, { text: 'rm -rf /' }]);
});
