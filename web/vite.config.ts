import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const SERVER = process.env.KINEMA_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/v1': SERVER } },
  test: { environment: 'node', setupFiles: ['scripts/test-setup.ts'] },
  build: {
    outDir: '../src/kinema/serve/studio',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy allows no data: in fonts and scripts
    modulePreload: { polyfill: false },
  },
});
