/** What somebody saw who looked at the scene of a ticket by its camera. */
import { OneOf, SCENE_ANSWERS, Ticket } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { Refusal } from '../../refusal.ts';
import { findTicket } from '../../tickets/view.ts';
import { answerSceneLook } from '../../workflow/scene-look.ts';
import { DESK } from '../access.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import { commands, IdempotencyHeaders } from '../idempotent.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

const Answer = Type.Object({ answer: OneOf(SCENE_ANSWERS) }, { additionalProperties: false });

export function sceneLookRoutes(server: Server, { config, store }: GatewayParts): void {
  const command = commands(store);
  server.post(
    '/api/tickets/:id/scene-looks',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'answerSceneLook',
        summary: 'You have looked at the scene: whether the crew has come',
        params: IdParams,
        headers: IdempotencyHeaders,
        body: Answer,
        response: { 200: Ticket },
      },
      config: { access: DESK, refuses: [404, 409] },
    },
    (request) =>
      command(request, async (tx) => {
        const { id } = request.params;
        const user = userOfRequest(request);
        await answerSceneLook(tx, config, id, request.body.answer, user, actorOf(request));
        const ticket = await findTicket(tx.db, id, user);
        if (ticket === null) throw new Refusal('ticket_unknown', `there is no ticket ${id}`);
        return ticket;
      }),
  );
}
