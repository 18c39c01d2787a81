/**
 * The whole of Roadwatch, each program in its own process, with cameras on simulated streets: each has a hole in it from the
 * beginning, until the test has it mended.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import type { Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { TestOperator } from '../../../gateway/testing/operator.ts';
import { type Loop, startLoop } from '../../../scripts/demo/loop.ts';
import { LogBook } from '../../support/log-book.ts';
import { closePage, openPage, type PageOptions, signIn, type Watched } from './browser.ts';

export const UNIT = { id: 'roads', name: { en: 'Road maintenance', zh: '市政养护所' }, default: true };

/** In the lane right of the middle, where a camera sees well. */
const PLACE = { at: 0, x: 1.7, z: 10, size: 1.15 };
const HOLE = { kind: 'pothole', ...PLACE };
const PATCH = { kind: 'repair', ...PLACE };

interface Login {
  readonly username: string;
  readonly password: string;
}

export class Streets {
  readonly loop: Loop;
  /** By the API, for what the journey at hand is not about. */
  readonly admin: TestOperator;
  readonly #book: LogBook;
  readonly #folder: string;
  readonly #files: readonly string[];

  /** `gateway`: further keys of its configuration. */
  static async start(count: number, gateway: object): Promise<Streets> {
    const folder = await mkdtemp(join(tmpdir(), 'roadwatch-streets-'));
    const files = Array.from({ length: count }, (_, street) => join(folder, `street-${street + 1}.yaml`));
    const book = new LogBook();
    await Promise.all(files.map((file, street) => writeStreet(file, street, HOLE)));
    const parts = { folder, sources: files, consolePort: 0, model: shippedModel(), onLog: book.onLog };
    const loop = await startLoop({ ...parts, gateway: { units: [UNIT], ...gateway } });
    const { username, password } = loop.login;
    const admin = await TestOperator.login(loop.consoleUrl, username, password);
    return new Streets(loop, admin, book, folder, files);
  }

  private constructor(
    loop: Loop,
    admin: TestOperator,
    book: LogBook,
    folder: string,
    files: readonly string[],
  ) {
    this.loop = loop;
    this.admin = admin;
    this.#book = book;
    this.#folder = folder;
    this.#files = files;
  }

  /** Somebody in that role, who is signed in on a page that closes with the test. */
  async open(browser: Browser, login: Login, path: string, options: PageOptions = {}): Promise<Watched> {
    const watched = await openPage(browser, new URL(path, this.loop.consoleUrl).href, options);
    onTestFinished(() => closePage(watched.page));
    await signIn(watched.page, login);
    return watched;
  }

  async person(username: string, role: string, unitId: string | null = null): Promise<Login> {
    const { status, body } = await this.admin.post('/api/users', { username, role, unitId });
    if (status !== 201) throw new Error(`${username}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** The id of the alert of the nth street's hole, once there is one and its pictures have come. */
  async alert(street: number): Promise<string> {
    const path = `/api/alerts?state=new&camera=binjiang/edge-1/${cameraOf(street)}`;
    const { items } = await this.admin.until(path, ({ items: [alert] }) =>
      alert?.evidence.some(({ kind, available }: Evidence) => kind === 'still' && available),
    );
    return items[0].id;
  }

  /** A crew has filled the hole of the nth street; resolves when its camera streams again. */
  async mend(street: number): Promise<void> {
    await writeStreet(this.#files[street - 1] as string, street - 1, PATCH);
    let from = this.#book.end;
    await this.loop.restart('simulator', 'SIGTERM');
    for (;;) {
      const { camera } = await this.#book.next('agent', 'camera streaming', from);
      if (camera === cameraOf(street)) return;
      from += 1;
    }
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Evidence {
  readonly kind: string;
  readonly available: boolean;
}

function cameraOf(street: number): string {
  return `camera-${street}`;
}

function writeStreet(file: string, street: number, onRoad: object): Promise<void> {
  const scenario = {
    name: `street-${street + 1}`,
    description: 'a quiet street',
    // The same for all: so it is drawn once.
    seed: 122,
    seconds: 30,
    // Small, for a picture is drawn sooner than one of the usual size; large enough for the model.
    video: { width: 640, height: 360, fps: 10 },
    weather: [{ at: 0, is: 'overcast' }],
    traffic: [{ at: 0, vehiclesPerMinute: 3, people: 0 }],
    damage: [onRoad],
  };
  return writeFile(file, stringify(scenario));
}
