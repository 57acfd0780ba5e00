import { defineConfig } from 'vite';

/** The command line: one ES module for Node. What is native, or loads parts of itself lazily, stays outside. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/cli',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { twinspark: 'src-main/hosts/cli/main.ts' },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
  ssr: { noExternal: true, external: ['ssh2', 'node-pty', 'just-bash'] },
});
