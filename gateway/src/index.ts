/** The gateway as a library, for tests and tools. */

export { registerAgent } from './agents/registry.ts';
export { type Config, ConfigError, parseConfig, readConfig } from './config/config.ts';
export { type Gateway, openStore, startGateway } from './main.ts';
