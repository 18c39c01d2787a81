/** Shapes that several sections of the configuration use. */
import { DAMAGE_CLASSES } from '@roadwatch/contract';
import { type TProperties, type TSchema, Type } from 'typebox';

/** A section whose keys all have defaults, so that it may be left out. */
export function section<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false, default: {} });
}

/** Something for some of the damage classes. */
export function byClass(value: TSchema) {
  return Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [entry.name, Type.Optional(value)]),
    ),
    { additionalProperties: false, default: {}, description: 'codes, by damage class' },
  );
}

export const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });

export const Host = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'a host name or address, such as 127.0.0.1',
});

export const port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback });
