/** The console's files. Its own routes are in the browser, so an address without a file is the start page. */
import fastifyStatic from '@fastify/static';
import { problem, type Server } from '../server.ts';

export async function consoleRoutes(server: Server, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: folder,
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
    if (isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    return problem(reply, 404, `there is nothing at ${request.method} ${path}`);
  });
}
