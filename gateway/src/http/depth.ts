/** How deep a body may be nested: no request needs more, and what walks through it would run out of stack. */
export const MAX_DEPTH = 64;

export function isTooDeep(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}
