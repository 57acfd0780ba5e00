import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const { homepage } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  homepage?: string;
};

/**
 * The window: the same files for the desktop (own scheme) and the browser (loopback server). All addresses are relative,
 * nothing is inlined into the page, and each view is a part of its own that is loaded when it is first opened.
 */
export default defineConfig({
  root: 'src-renderer',
  base: './',
  define: { __HOMEPAGE__: homepage === undefined ? 'undefined' : JSON.stringify(homepage) },
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    // `api/no-eval.ts` has to run before the first schema is made, in whatever file that ends up.
    rolldownOptions: {
      // How long the compiler took is nothing that a person at `npm start` has to read.
      checks: { bundlerTimings: false },
      output: { strictExecutionOrder: true },
    },
  },
});
