/** What the gateway answers over HTTP: one schema each, from which its OpenAPI and the console's types come. */
export * from './access.ts';
export * from './alert.ts';
export * from './desk.ts';
export * from './evidence.ts';
export * from './field.ts';
export * from './figures.ts';
export * from './health.ts';
export * from './map.ts';
export * from './open311.ts';
export * from './people.ts';
export * from './place.ts';
export * from './problem.ts';
export * from './settings.ts';
export * from './shapes.ts';
export * from './ticket.ts';
export * from './vocabulary.ts';
export * from './wall.ts';
