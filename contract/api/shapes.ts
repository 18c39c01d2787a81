/** The forms in which answers are put together. */
import { type Static, type TProperties, type TSchema, type TSchemaOptions, Type } from 'typebox';
import { Slug } from '../ids.ts';

/** One of some words. */
export function OneOf<const Words extends readonly string[]>(words: Words, description?: string) {
  const options = description === undefined ? {} : { description };
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...options });
}

/** An answer is read, never written to. */
export function ListOf<Item extends TSchema>(item: Item, options: TSchemaOptions = {}) {
  return Type.Unsafe<readonly Static<Item>[]>(Type.Array(item, options));
}

export function OrNull<Schema extends TSchema>(schema: Schema, options: TSchemaOptions = {}) {
  return Type.Unsafe<Static<Schema> | null>(Type.Union([schema, Type.Null()], options));
}

/** All of something. */
export function AllOf<Item extends TSchema>(title: string, item: Item) {
  return Type.Object({ items: ListOf(item) }, { title });
}

/** A part of something, with what to give as `after` for the next; null on the last page. */
export function PageOf<Item extends TSchema>(title: string, item: Item) {
  return Type.Object({ items: ListOf(item), next: OrNull(Type.String()) }, { title });
}

/** An object with a name by which descriptions of the interface and generated clients know it. */
export function Named<Fields extends TProperties>(
  title: string,
  fields: Fields,
  options: TSchemaOptions = {},
) {
  return Type.Object(fields, { title, ...options });
}

const SlugOrEmpty = Type.String({ pattern: `^$|${(Slug as { readonly pattern?: string }).pattern}` });

/** An instant that another program names: RFC 3339 with its zone; no leap second, and no year that no clock shows. */
export const Instant = Type.String({
  format: 'date-time',
  pattern: '^[12]\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
  description: 'RFC 3339, such as 2026-11-23T08:15:30+08:00',
});

/** What belongs to one camera; all three are empty where a person reported it. */
export const ofCamera = {
  site: SlugOrEmpty,
  agent: SlugOrEmpty,
  camera: SlugOrEmpty,
};
