import { defineConfig } from 'vite';

/** The preload: one CommonJS file, as a sandboxed renderer takes no other. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'chrome140',
    outDir: 'dist/preload',
    emptyOutDir: true,
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      input: { preload: 'src-main/hosts/preload/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
  ssr: { noExternal: true, external: ['electron'] },
});
