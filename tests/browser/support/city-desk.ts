/** A gateway with two units, an agent, and as many tickets as a test needs: opened, moved on and read as the console does it. */
import type { DamageClass } from '@roadwatch/contract';
import type { TicketDetail } from '@roadwatch/contract/api';
import { AGENT_NAME, FieldAgent } from './field-agent.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { holeBox, SIZE, streetPicture } from './street-picture.ts';

const UNITS = [
  { id: 'roads', name: { en: 'Road maintenance', zh: '市政养护所' }, default: true },
  { id: 'drains', name: { en: 'Drainage', zh: '排水管理所' } },
];
/** So many tickets are made together. */
const TOGETHER = 4;

export class CityDesk {
  readonly gateway: RunningGateway;
  readonly agent: FieldAgent;
  #headers: Record<string, string> = {};
  #seen = 0;

  static async start(config: object): Promise<CityDesk> {
    const gateway = await startGateway({ units: UNITS, ...config });
    const agent = await FieldAgent.connect(gateway.mqttUrl, await gateway.addAgent(AGENT_NAME));
    await agent.status();
    const desk = new CityDesk(gateway, agent);
    await desk.#signIn();
    return desk;
  }

  private constructor(gateway: RunningGateway, agent: FieldAgent) {
    this.gateway = gateway;
    this.agent = agent;
  }

  /** Resolves with its id once its unit has it. */
  async ticket(damageClass: DamageClass = 'pothole'): Promise<string> {
    const id = await this.#open(damageClass);
    await this.#until(id, ({ state }) => state === 'dispatched');
    return id;
  }

  async tickets(count: number): Promise<void> {
    const ids: string[] = [];
    let left = count;
    const make = async (): Promise<void> => {
      while (left-- > 0) ids.push(await this.#open('pothole'));
    };
    await Promise.all(Array.from({ length: TOGETHER }, make));
    // They go out together, so that a wait for each would be many for the same.
    for (const id of ids) await this.#until(id, ({ state }) => state === 'dispatched');
  }

  /** Each of another camera. */
  async #open(damageClass: DamageClass): Promise<string> {
    const seed = this.#seen++;
    const camera = `camera-${seed}`;
    await this.agent.camera(camera, { en: `Wentao Road ${seed}`, zh: `闻涛路 ${seed} 号` });
    const picture = await streetPicture(seed % 32);
    await this.agent.sees({ camera, damageClass, box: holeBox(seed % 32), picture, size: SIZE });
    const { items } = await this.#call('GET', `/api/alerts?camera=${AGENT_NAME}/${camera}`);
    const { ticketId } = await this.#call('POST', `/api/alerts/${items[0].id}/confirm`, {});
    return ticketId;
  }

  /** The crew says so, and the camera has looked. */
  async repaired(id: string): Promise<void> {
    for (const command of ['arrive', 'repair']) await this.command(id, { command });
    await this.#until(id, ({ inspections }) => inspections.at(-1)?.state === 'done');
  }

  command(id: string, body: object): Promise<unknown> {
    return this.#call('POST', `/api/tickets/${id}/transitions`, body);
  }

  detail(id: string): Promise<TicketDetail> {
    return this.#call('GET', `/api/tickets/${id}`);
  }

  async stop(): Promise<void> {
    await this.agent.end();
    await this.gateway.stop();
  }

  async #until(id: string, wanted: (ticket: TicketDetail) => boolean): Promise<void> {
    while (!wanted(await this.detail(id))) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async #signIn(): Promise<void> {
    const response = await fetch(new URL('/api/session', this.gateway.consoleUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(this.gateway.login),
    });
    const cookie = response.headers.getSetCookie().map((each) => each.split(';')[0]);
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    this.#headers = { cookie: cookie.join('; '), 'x-csrf-token': csrfToken };
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test states the shape that it expects where it looks
  async #call(method: string, path: string, body?: object): Promise<any> {
    const response = await fetch(new URL(path, this.gateway.consoleUrl), {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
