import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// `PARLEY=http://localhost:8080 npm run dev -w apps/workspace` works against a running server.
const api = process.env['PARLEY'] ?? 'http://localhost:8080';

/** The layers of the style sheets, the weakest first: whichever sheet is loaded first declares them all. */
const LAYERS = '@layer reset, tokens, base, parts, views, states;\n';

const layers: Plugin = {
  name: 'parley:layers',
  enforce: 'pre',
  transform: (code, id) => (/\/src\/.*\.css$/.test(id) ? LAYERS + code : null),
};

export default defineConfig({
  // Relative addresses: the pages work behind any path prefix.
  base: './',
  plugins: [layers, react()],
  // The SDK is taken from its sources, so that no build of it stands between.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    // Everything is a file of its own: the policy allows no data: scripts, and files are cached.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The gallery shows every state of the views, for tests and for whoever works on them.
    rollupOptions: { input: ['index.html', 'gallery.html'] },
    reportCompressedSize: false,
    // The first load's limit, compressed, is held by a test.
    chunkSizeWarningLimit: 800,
  },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  server: { proxy: { '/api': api } },
  preview: { proxy: { '/api': api } },
});
