import { defineConfig } from 'vite';

/**
 * The desktop's main process: ES modules for the Node that Electron carries. ssh2 loads parts of itself lazily and
 * node-pty is native: both stay outside the bundle.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/main',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { main: 'src-main/hosts/electron/main.ts' },
      external: ['electron'],
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
  ssr: { noExternal: true, external: ['electron', 'ssh2', 'node-pty'] },
});
