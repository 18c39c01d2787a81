/** The agent as a library, for tests and tools. */
export { parseConfig } from './config/config.ts';
export { startAgent } from './main.ts';
