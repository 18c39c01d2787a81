/** Option values: parsed once, refused with what was expected. */
import { InvalidArgumentError } from 'commander';
import { type Credentials, LOGIN_SCHEMES, type LoginScheme, passwordIn } from '../camera/access.ts';
import { type Fault, parseFault } from '../camera/faults.ts';

/** A parser for a number within bounds. */
export function number(minimum: number, maximum: number, integer = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits =
      text.trim() !== '' && value >= minimum && value <= maximum && (!integer || Number.isInteger(value));
    if (!fits) {
      const kind = integer ? 'a whole number' : 'a number';
      throw new InvalidArgumentError(`Expected ${kind} from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** `1280x720`: even, as 4:2:0 video needs, up to 4K. */
export function size(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(text)?.map(Number) ?? [];
  const fits = (value: number | undefined, maximum: number): value is number =>
    value !== undefined && value >= 64 && value <= maximum && value % 2 === 0;
  if (!fits(width, 3840) || !fits(height, 2160)) {
    throw new InvalidArgumentError('Expected WIDTHxHEIGHT, even, from 64x64 to 3840x2160, such as 1280x720.');
  }
  return { width, height };
}

/** `packet-loss:rate=0.05`, `delay:ms=200,jitterMs=50`, `redirect:to=/other`, `freeze`. */
export function fault(text: string, before: Fault[] = []): Fault[] {
  const [kind, ...rest] = text.split(':');
  const fields = rest.join(':').split(',').filter(Boolean);
  const figures = fields.map((field) => {
    const [name = '', ...values] = field.split('=');
    const value = values.join('=');
    return [name, value === '' || Number.isNaN(Number(value)) ? value : Number(value)] as const;
  });
  try {
    return [...before, parseFault({ kind, ...Object.fromEntries(figures) })];
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** `digest-sha256,basic`. */
export function schemes(text: string): LoginScheme[] {
  const named = text.split(',').map((name) => name.trim());
  const known = LOGIN_SCHEMES.filter((scheme) => named.includes(scheme));
  if (known.length !== named.length) {
    throw new InvalidArgumentError(`Expected one or more of ${LOGIN_SCHEMES.join(', ')}, parted by commas.`);
  }
  return named as LoginScheme[];
}

export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** A password is read from a file, or from the environment: a command line can be seen by everyone on the machine. */
export async function credentials(
  user?: string,
  passwordFile?: string,
  option = '--password-file',
): Promise<Credentials | undefined> {
  if (user === undefined && passwordFile === undefined) return undefined;
  if (user === undefined || user === '') throw new Error('--password-file needs --user');
  const fromEnvironment = process.env.ROADWATCH_CAMERA_PASSWORD;
  const password = passwordFile === undefined ? fromEnvironment : await passwordIn(passwordFile, option);
  if (password === undefined || password === '') {
    throw new Error('--user needs a password: --password-file FILE or ROADWATCH_CAMERA_PASSWORD');
  }
  return { user, password };
}
