/** `npm run agent`: starts the command with a small heap, and with its modules as the last start left them. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// To strip the types of every module anew takes 25 MiB and a third of a second, and the stripper stays in memory. The variable tells the
// process that begins again below, for which this file is one of those modules, and the worker thread. Where the folder cannot be
// written, modules are stripped as before.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../../node_modules/.cache/roadwatch', import.meta.url),
);

// glibc gives each thread a heap of its own and keeps what was freed: 75 MiB here. V8 keeps three times 16 MiB for what has just been
// made, though little more than one is in use between two collections: 45 MiB here. Both read their settings at start only, so the
// process begins again, as the same process.
if (process.env.MALLOC_ARENA_MAX === undefined) {
  const flags = ['--max-semi-space-size=2', ...process.execArgv];
  process.execve?.(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], {
    ...process.env,
    MALLOC_ARENA_MAX: '1',
    MALLOC_TRIM_THRESHOLD_: String(128 * 1024),
  });
}

// Only now: what the process heard before it began again would be lost, and end it.
await import('./hang-up.ts');

// For a process that did not begin again.
enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('./command.ts');
