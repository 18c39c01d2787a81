/**
 * Tells Home Assistant of the box and its cameras by messages that the broker keeps, and takes back what it has told of those that are
 * gone, also when they went while the agent was not running. One message goes ahead: a broker that ends the connection for it, twice, is
 * asked no more for an hour.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Log, thrown } from '@roadwatch/common';
import { type AgentTrouble, timestamp } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { writeWhole } from '../disk/write-whole.ts';

const AGAIN_MS = 3_600_000;
/** One may be due to the line. */
const LOSSES = 2;
/** Boxes and cameras under one prefix and a former one. */
const MAX_TOPICS = 1_000;

const Kept = Type.Object({
  /** Under which something may be kept at the broker. */
  topics: Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: MAX_TOPICS }),
});

interface Retained {
  readonly topic: string;
  /** Empty: there is to be none any more. */
  readonly text: string;
}

interface HomeAssistantParts {
  readonly dataDir: string;
  /** What is to be told now, by topic; empty: nothing. */
  messages(): ReadonlyMap<string, object>;
  /** `done`: with why the broker refuses it; null when it has it. Never, once the connection has ended. Returns false where there is none. */
  retain(topic: string, text: string, done: (refusal: string | null) => void): boolean;
  readonly log: Log;
}

export class HomeAssistant {
  readonly #parts: HomeAssistantParts;
  readonly #path: string;
  #topics: readonly string[];
  #isWaiting = false;
  #trouble: AgentTrouble | null = null;
  /** Of a first message that the broker has not taken, what was known before it. */
  #before: readonly string[] = [];
  #losses = 0;
  #notBeforeMs = 0;

  constructor(parts: HomeAssistantParts) {
    this.#parts = parts;
    this.#path = join(parts.dataDir, 'home-assistant.json');
    this.#topics = readTopics(this.#path);
  }

  get troubles(): readonly AgentTrouble[] {
    return this.#trouble === null ? [] : [this.#trouble];
  }

  /** There is a connection, and what was told on the one before may not have come. */
  connected(nowMs: number): void {
    if (this.#isWaiting && ++this.#losses >= LOSSES)
      this.#firstRefused('it ends the connection when it is sent one', nowMs);
    this.#isWaiting = false;
    if (nowMs >= this.#notBeforeMs) this.#announce();
  }

  /** To be called now and then. */
  tend(nowMs: number): void {
    if (this.#trouble === null || nowMs < this.#notBeforeMs) return;
    this.#notBeforeMs = nowMs + AGAIN_MS;
    this.#announce();
  }

  /** Another setting, or other cameras: tried at once. */
  changed(): void {
    this.#notBeforeMs = 0;
    this.#announce();
  }

  #announce(): void {
    if (this.#isWaiting) return;
    if (this.#losses === 0) this.#before = this.#topics;
    const [first] = this.#due();
    if (first === undefined) {
      this.#trouble = null;
      return;
    }
    this.#isWaiting = this.#parts.retain(first.topic, first.text, (refusal) => {
      this.#isWaiting = false;
      if (refusal !== null) {
        this.#firstRefused(refusal, performance.now());
        return;
      }
      this.#losses = 0;
      this.#trouble = null;
      this.#taken(first);
      // As it is by now.
      for (const one of this.#due())
        if (one.topic !== first.topic || one.text !== first.text)
          this.#parts.retain(one.topic, one.text, (why) => {
            if (why === null) this.#taken(one);
            else this.#refused(why, performance.now());
          });
    });
  }

  /** What is to be taken back, and what is to be told; nothing that could not be taken back one day. */
  #due(): readonly Retained[] {
    const wanted = this.#parts.messages();
    if (!this.#keep([...new Set([...this.#topics, ...wanted.keys()])])) return [];
    const gone = this.#topics.filter((topic) => !wanted.has(topic));
    return [
      ...gone.map((topic) => ({ topic, text: '' })),
      ...[...wanted].map(([topic, value]) => ({ topic, text: JSON.stringify(value) })),
    ];
  }

  #taken({ topic, text }: Retained): void {
    if (text === '' && !this.#parts.messages().has(topic))
      this.#keep(this.#topics.filter((other) => other !== topic));
  }

  /** Nothing has been told, so nothing is to be taken back. */
  #firstRefused(reason: string, nowMs: number): void {
    this.#keep(this.#before);
    this.#refused(reason, nowMs);
  }

  #refused(reason: string, nowMs: number): void {
    this.#losses = 0;
    this.#notBeforeMs = nowMs + AGAIN_MS;
    const detail = `the broker does not take messages for Home Assistant (homeAssistant): ${reason}; that is tried again in an hour`;
    if (this.#trouble === null) this.#parts.log.warn({ reason }, 'Home Assistant cannot be told');
    const since = this.#trouble?.since ?? timestamp(Date.now());
    this.#trouble = { code: 'home_assistant_refused', detail: detail.slice(0, 500), since };
  }

  #keep(topics: readonly string[]): boolean {
    if (topics.join() === this.#topics.join()) return true;
    const kept = topics.slice(0, MAX_TOPICS);
    try {
      writeWhole(this.#path, `${JSON.stringify({ topics: kept })}\n`);
    } catch (error) {
      this.#parts.log.warn(thrown(error), 'what Home Assistant is told is not kept');
      return false;
    }
    this.#topics = kept;
    return true;
  }
}

/** What cannot be read is nothing: devices that it named are deleted by hand, in Home Assistant. */
function readTopics(path: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Value.Check(Kept, value) ? (value as Static<typeof Kept>).topics : [];
  } catch {
    return [];
  }
}
