import { newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { AgentCommands } from './commands.ts';

const AGENT = { site: 'binjiang', agent: 'edge-1' };

test('whoever waits for a reply is told at once when the gateway stops', async () => {
  const commands = new AgentCommands(() => {});
  const asked = commands.ask(AGENT, { kind: 'live.stop', camera: 'camera-1', session: newId() }, 3600);
  commands.stop();
  await expect(asked).rejects.toThrow(new Refusal('agent_silent', 'agent binjiang/edge-1 does not answer'));
});
