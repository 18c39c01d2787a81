/** The agent as a library, for tests and tools. */
export { ConfigError, parseConfig, type ResolvedConfig, readConfig } from './config/config.ts';
export { AGENT_VERSION, type Agent, startAgent } from './main.ts';
