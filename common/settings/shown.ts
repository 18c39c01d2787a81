/** Settings as people elsewhere may see them: what the schema knows, without secrets, logins, comments, and whatever slipped in. */
import type { TSchema } from 'typebox';
import { redactText, showUrl } from '../redact.ts';
import { isAddress, isRecord, type SchemaNode, shownKey } from './problems.ts';

const HIDDEN = '(not shown)';

/** `value` need not fit the schema: what does not is left out, since nobody can tell what it is. */
export function shownSettings(schema: TSchema, value: unknown): unknown {
  return shown(schema as SchemaNode, value);
}

function shown(schema: SchemaNode | undefined, value: unknown): unknown {
  if (schema === undefined || schema.writeOnly) return HIDDEN;
  if (Array.isArray(value)) {
    const { items } = schema;
    const list: readonly unknown[] = value;
    return list.map((entry, index) =>
      shown(Array.isArray(items) ? items[index] : (items as SchemaNode | undefined), entry),
    );
  }
  if (isRecord(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [shownKey(key), shown(schema.properties?.[key], entry)]),
    );
  if (typeof value !== 'string') return schema.type === 'string' ? HIDDEN : value;
  if (schema.type !== 'string' && schema.anyOf === undefined) return HIDDEN;
  return isAddress(schema) ? showUrl(value) : redactText(value);
}
