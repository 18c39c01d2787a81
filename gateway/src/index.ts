/** The gateway as a library, for tests and tools. */
export { type Config, ConfigError, parseConfig, readConfig } from './config/config.ts';
export { registerAgent } from './identity/agents.ts';
export { type Gateway, openStore, startGateway } from './main.ts';
