/** What goes over the wire between agents and gateways, and nothing else. */
export * from './ack.ts';
export * from './address.ts';
export * from './command.ts';
export * from './damage-class.ts';
export * from './detection.ts';
export * from './evidence.ts';
export * from './gcj02.ts';
export * from './geometry.ts';
export * from './ids.ts';
export * from './modern-schema.ts';
export * from './pairing.ts';
export * from './parse.ts';
export * from './signature.ts';
export * from './status.ts';
export * from './topics.ts';
export * from './version.ts';
