/** The console's files. Its own routes are in the browser, so an address without a file is the start page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { problem, type Server } from '../server.ts';

/** In the start page; every address in it and in the console follows from it. */
const BASE = '<base href="/" />';

/** `base`: the path under which browsers see it, empty or such as `/roadwatch`. */
export async function consoleRoutes(server: Server, folder: string, base = ''): Promise<void> {
  const page = async (reply: FastifyReply) => {
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .serializer(String)
      .send(html.replace(BASE, `<base href="${base}/" />`));
  };
  // The folder itself would be answered as one that may not be listed.
  server.get('/', { schema: { hide: true }, config: { access: 'public' } }, (_request, reply) => page(reply));
  await server.register(fastifyStatic, {
    root: folder,
    index: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      // vite names what is in assets/ by its content.
      const named = path.includes('/assets/');
      response.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] as string;
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !path.includes('.');
    return isPage ? page(reply) : problem(reply, 404, `there is nothing at ${request.method} ${path}`);
  });
}
