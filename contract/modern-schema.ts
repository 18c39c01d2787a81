/** JSON Schema as its present dialect (2020-12) has it: typebox still writes arrays of fixed length in the words of older ones. */

/** Anything with schemas in it, with `items: [...]` as `prefixItems` (JSON Schema Core 2020-12, 10.3.1.1). */
export function modernSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(modernSchema);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, modernSchema(inner)] as const);
  const { items, additionalItems, ...rest } = Object.fromEntries(entries) as Record<string, unknown>;
  if (!Array.isArray(items)) return Object.fromEntries(entries);
  return { ...rest, prefixItems: items, items: additionalItems ?? true, maxItems: items.length };
}
