/** A real SMTP server that keeps what it takes, and can be made to refuse, hang or be down. */
import { once } from 'node:events';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

export class TestMailbox {
  readonly mails: ParsedMail[] = [];
  /** As they came over the wire. */
  readonly raw: string[] = [];
  readonly recipients: string[][] = [];
  /** The reply to the data until told otherwise; null: none at all. */
  answer: number | null = 250;
  /** Who is no mailbox here. */
  unknown: string[] = [];
  port = 0;
  #server: SMTPServer | null = null;
  #waiting: (() => void)[] = [];
  readonly #options: SMTPServerOptions;

  constructor(options: SMTPServerOptions) {
    this.#options = options;
  }

  static async start(options: SMTPServerOptions = {}): Promise<TestMailbox> {
    const mailbox = new TestMailbox(options);
    await mailbox.up();
    onTestFinished(() => mailbox.down());
    return mailbox;
  }

  async up(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 50,
      onRcptTo: ({ address }, _session, done) =>
        this.unknown.includes(address) ? done(refusal(550)) : done(),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', async () => {
          const bytes = Buffer.concat(chunks);
          this.raw.push(bytes.toString('utf8'));
          this.mails.push(await simpleParser(bytes));
          this.recipients.push(session.envelope.rcptTo.map(({ address }) => address));
          for (const wake of this.#waiting.splice(0)) wake();
          if (this.answer === 250) done();
          else if (this.answer !== null) done(refusal(this.answer));
        });
      },
      ...this.#options,
    });
    server.on('error', () => {});
    server.listen(this.port, '127.0.0.1');
    await once(server.server, 'listening');
    const address = server.server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  get smtp() {
    return { host: '127.0.0.1', port: this.port, security: 'none', from: 'Roadwatch <roadwatch@city.test>' };
  }

  get unit() {
    return {
      id: 'bureau',
      name: { en: 'Bureau', zh: '城管局' },
      default: true,
      mail: { to: ['duty@bureau.test', 'lead@bureau.test'] },
    };
  }

  async received(count: number): Promise<readonly ParsedMail[]> {
    while (this.mails.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.mails;
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error(`${responseCode} as the test wants it`), { responseCode });
}
