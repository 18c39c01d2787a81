/** Whether the box looks at a camera's pictures: by the frames that its model has seen, or in which there was no news. */
import { type AgentProcess, cameraFigure } from './agent-process.ts';
import { comes } from './patience.ts';

/** A camera that is not back by then will not be. */
const LONGEST_MS = 120_000;
const LOOK_EVERY_MS = 50;

export async function looksAt(agent: AgentProcess, camera: string): Promise<number> {
  const figures = await agent.figures();
  return cameraFigure(figures, 'analysed_total', camera) + cameraFigure(figures, 'skipped_total', camera);
}

export async function connectionsOf(agent: AgentProcess, camera: string): Promise<number> {
  return cameraFigure(await agent.figures(), 'restarts_total', camera);
}

/** Milliseconds from now until one more picture of it has been looked at; null when that does not come. */
export async function untilLookedAt(agent: AgentProcess, camera: string): Promise<number | null> {
  const since = performance.now();
  const before = await looksAt(agent, camera);
  const came = await comes(LONGEST_MS, async () => (await looksAt(agent, camera)) > before, LOOK_EVERY_MS);
  return came ? performance.now() - since : null;
}

/** Resolves when the agent has noticed that a connection of it ended; false when it never does. */
export async function notices(agent: AgentProcess, camera: string, connections: number): Promise<boolean> {
  return comes(LONGEST_MS, async () => (await connectionsOf(agent, camera)) > connections, LOOK_EVERY_MS);
}
