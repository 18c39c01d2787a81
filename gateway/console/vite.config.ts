import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** jsmpeg-player puts a style element into the page for buttons that are not used; the content security policy forbids it. */
const withoutInlineStyle: Plugin = {
  name: 'without-inline-style',
  transform(code, id) {
    if (!id.includes('jsmpeg-player')) return null;
    const changed = code.replace('styleInject(css_248z);', '');
    if (changed === code) throw new Error('jsmpeg-player no longer injects its style: drop this plugin');
    return { code: changed, map: null };
  },
};

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

// `npx vite gateway/console` serves it for development beside a gateway on its default port.
export default defineConfig(({ command }) => {
  // Whoever starts a gateway from a test has another NODE_ENV; what is served to people is built for them all the same.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    // Relative, so that it can be served under any path: the gateway writes that into the page's <base>.
    base: './',
    plugins: [preact(), withoutInlineStyle],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2024',
      assetsInlineLimit: 0,
      // What draws maps is larger, and is loaded only where one is shown.
      chunkSizeWarningLimit: 1200,
      rolldownOptions: { input: { index: page('index.html'), wall: page('wall.html') } },
    },
    optimizeDeps: { exclude: ['@cycjimmy/jsmpeg-player'] },
    server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
  };
});
