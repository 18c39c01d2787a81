/** `npm run agent`: starts the command with the modules as the last start left them. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// To strip the types of every module anew takes 25 MiB and a third of a second. The variable tells the worker thread, too.
// Where the folder cannot be written, modules are stripped as before.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../../node_modules/.cache/roadwatch', import.meta.url),
);
enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('./command.ts');
