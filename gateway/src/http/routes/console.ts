/** The console's files. Its own routes are in the browser, so an address without a file is the start page. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { problem } from '../problem.ts';
import type { Server } from '../server.ts';

/** In the start page; every address in it and in the console follows from it. */
const BASE = '<base href="/" />';

/** As vite names them; any other address is for the start page to make something of. */
const FILE = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** `base`: the path under which browsers see it, empty or such as `/roadwatch`. */
export async function consoleRoutes(server: Server, folder: string, base = ''): Promise<void> {
  const page = async (reply: FastifyReply, name = 'index.html') => {
    const html = await readFile(join(folder, name), 'utf8');
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .serializer(String)
      .send(html.replace(BASE, `<base href="${base}/" />`));
  };
  await server.register(fastifyStatic, {
    root: folder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      // vite names what is in assets/ by its content.
      const named = path.includes('/assets/');
      response.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  // The wall is a page of its own: nothing of the console is in it.
  server.get('/wall', { schema: { hide: true }, config: { access: 'public' } }, (_request, reply) =>
    page(reply, 'wall.html'),
  );
  server.get('/*', { schema: { hide: true }, config: { access: 'public' } }, (request, reply) => {
    const { '*': path } = request.params as { '*': string };
    if (path === '') return page(reply);
    return FILE.test(path) ? reply.sendFile(path) : reply.callNotFound();
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] as string;
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !path.includes('.');
    return isPage
      ? page(reply)
      : problem(reply, 'nothing_here', `there is nothing at ${request.method} ${path}`);
  });
}
