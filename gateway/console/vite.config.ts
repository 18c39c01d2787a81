import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// `npx vite gateway/console` serves it for development beside a gateway on its default port.
export default defineConfig({
  plugins: [preact()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
});
