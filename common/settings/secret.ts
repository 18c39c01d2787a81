/** A secret is a type, not a text: whoever wants its value must say so, and nothing that prints, logs or stores it by mistake has it. */
import { inspect } from 'node:util';
import { Type } from 'typebox';
import { showUrl } from '../redact.ts';

export class Secret {
  readonly #value: string;
  readonly #shown: string;

  constructor(value: string, shown = '***') {
    this.#value = value;
    this.#shown = shown;
  }

  /** The value, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return this.#shown;
  }
  toJSON(): string {
    return this.#shown;
  }
  [Symbol.toPrimitive](): string {
    return this.#shown;
  }
  [inspect.custom](): string {
    return this.#shown;
  }
}

/** An address with whatever in it opens something; printed, it is what people may see of it. */
export class SecretUrl extends Secret {
  constructor(url: string) {
    super(url, showUrl(url));
  }
}

/** Who logs in with what. */
export interface Credentials {
  readonly username: string;
  readonly password: Secret;
}

/** RFC 7617, in UTF-8. */
export function basicAuthorization({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}

/** A secret in a settings file. `writeOnly` (JSON Schema Validation 9.4) keeps it out of everything that is said of the file. */
export const SecretText = Type.String({
  minLength: 1,
  maxLength: 1024,
  writeOnly: true,
  description: 'a secret of 1 to 1024 characters, in quotes ("...") so that YAML takes it as it is',
});
