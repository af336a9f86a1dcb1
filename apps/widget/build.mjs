// Builds the widget: the panel first, whose name changes with its content, then the loader, which knows
// that name. Both are files that stand alone.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const outDir = join(root, 'dist');

/** @type {import('vite').InlineConfig} */
const common = {
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
};
/** Browsers of the last three years. */
const target = 'es2022';

rmSync(outDir, { recursive: true, force: true });
await build({
  ...common,
  build: {
    outDir,
    target,
    emptyOutDir: false,
    modulePreload: false,
    // As a library: what few pages need is loaded without the code that preloads parts of an app.
    lib: { entry: join(root, 'src/panel/index.tsx'), formats: ['es'] },
    rollupOptions: {
      output: {
        minify: true,
        comments: { annotation: false, jsdoc: false },
        entryFileNames: 'panel-[hash].js',
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
});
const panel = readdirSync(outDir).find((name) => name.startsWith('panel-'));
await build({
  ...common,
  define: { __PANEL__: JSON.stringify(panel) },
  build: {
    outDir,
    target,
    emptyOutDir: false,
    // As a library: pages of an app would be given what preloads its parts.
    lib: {
      entry: join(root, 'src/loader/index.ts'),
      formats: ['iife'],
      name: 'parleyWidget',
      fileName: () => 'widget.js',
    },
  },
});
