import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const SERVER = process.env.KINEMA_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  // The server asks that Host and Origin are the same, and knows its WebSockets by them too.
  server: { proxy: { '/v1': { target: SERVER, changeOrigin: false, ws: true } } },
  test: { environment: 'node', setupFiles: ['scripts/test-setup.ts'] },
  build: {
    outDir: '../src/kinema/serve/studio',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy allows no data: in fonts and scripts
    modulePreload: { polyfill: false },
  },
});
