/** Shapes that several routes take. */
import { Id } from '@roadwatch/contract';
import { Type } from 'typebox';

export const IdParams = Type.Object({ id: Id });

const MAX_PAGE = 200;

export const PageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: 50 }),
  after: Type.Optional(
    Type.String({ maxLength: 200, description: 'what `next` of the page before it said' }),
  ),
};

export const Reason = Type.String({ minLength: 1, maxLength: 1000 });

/** An instant that another program names: RFC 3339 with its zone; no leap second, and no year that no clock shows. */
export const Instant = Type.String({
  format: 'date-time',
  pattern: '^[12]\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
  description: 'RFC 3339, such as 2026-11-23T08:15:30+08:00',
});
