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

export const CameraPath = Type.String({
  pattern: '^[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+$',
  description: 'SITE/AGENT/CAMERA',
});

export const Reason = Type.String({ minLength: 1, maxLength: 1000 });
