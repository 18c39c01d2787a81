/** RTSP through HTTP as one stream: what is written goes out on the GET's connection, what is read comes in base64 on a POST's. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export class Tunnel extends Duplex {
  readonly #get: Socket;
  #post: Socket | null = null;
  /** Of base64, what is less than a group of four. */
  #pending = '';

  constructor(get: Socket) {
    super({ allowHalfOpen: false });
    this.#get = get;
    get.on('close', () => this.destroy());
    // Nothing more is said on it.
    get.resume();
  }

  /** Takes what the client says from this connection on; one that ends may be followed by another. */
  attach(post: Socket, first: Buffer): void {
    this.#post?.destroy();
    this.#post = post;
    this.#pending = '';
    post.on('data', (chunk) => this.#read(chunk));
    post.on('end', () => post.destroy());
    this.#read(first);
    post.resume();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#get.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#get.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#post?.destroy();
    this.#get.destroy();
    done(error);
  }

  /** Each request is encoded by itself, so that padding may stand anywhere at the end of a group. */
  #read(chunk: Buffer): void {
    const text = this.#pending + chunk.toString('latin1').replaceAll(/\s/g, '');
    const whole = text.length - (text.length % 4);
    this.#pending = text.slice(whole);
    const groups = text.slice(0, whole).match(/(?:[^=]{4})*(?:[^=]{2}==|[^=]{3}=)?/g) ?? [];
    for (const group of groups) if (group !== '') this.push(Buffer.from(group, 'base64'));
  }
}
