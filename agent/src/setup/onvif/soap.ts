/**
 * Questions to one device (SOAP 1.2). How it wants to be logged in to is learnt from its first refusal: HTTP Digest where it asks for
 * that, else a WS-UsernameToken; each password is tried once, so that no device locks the account. A nonce that has grown old is no
 * wrong password, and is asked for anew (RFC 7616 3.3).
 */
import type { Credentials } from '@roadwatch/common';
import { CameraFault } from '../../camera/rtsp/fault.ts';
import { Login } from '../../camera/rtsp/login.ts';
import { postXml } from './http.ts';
import { OnvifError } from './onvif-error.ts';
import { usernameToken } from './username-token.ts';
import { nodesAt, parseXml, textAt, type XmlNode } from './xml.ts';

export interface Question {
  /** Of the service that is asked. */
  readonly url: URL;
  readonly namespace: string;
  readonly name: string;
  /** What stands inside the question's element, as XML. */
  readonly inside?: string;
}

/** Without a login, with one, and with a fresh nonce. */
const TRIES = 3;

export class SoapClient {
  readonly #login: Credentials | null;
  readonly #signal: AbortSignal;
  /** The device's clock less ours. */
  #aheadMs = 0;
  #scheme: 'none' | 'token' | Login = 'none';

  constructor(login: Credentials | null, signal: AbortSignal) {
    this.#login = login;
    this.#signal = signal;
  }

  /** How far the device's clock is ahead, for tokens that must not look old to it. */
  useClock(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  /** The answer's element. Throws OnvifError. */
  async ask(question: Question): Promise<XmlNode> {
    for (let tried = 0; tried < TRIES; tried++) {
      const { isRefused, challenges, body, status } = await this.#exchange(question);
      if (!isRefused) return answerOf(body, question, status);
      this.#chooseScheme(challenges);
    }
    throw new OnvifError('refused');
  }

  #chooseScheme(challenges: readonly string[]): void {
    if (this.#login === null) throw new OnvifError('refused', 'it asks for a login');
    if (this.#scheme === 'token') throw new OnvifError('refused');
    const isAnswered = this.#scheme !== 'none';
    const login = this.#scheme === 'none' ? new Login(this.#login, false) : this.#scheme;
    this.#scheme = 'token';
    if (!isAnswered && !challenges.some((challenge) => /digest/i.test(challenge))) return;
    try {
      login.challenged(challenges, isAnswered);
      this.#scheme = login;
    } catch (error) {
      if (!(error instanceof CameraFault)) throw error;
      if (isAnswered) throw new OnvifError('refused');
    }
  }

  async #exchange({ url, namespace, name, inside = '' }: Question) {
    const token =
      this.#scheme === 'token' && this.#login !== null
        ? `<s:Header>${usernameToken(this.#login, Date.now() + this.#aheadMs)}</s:Header>`
        : '';
    const authorization =
      this.#scheme instanceof Login ? this.#scheme.authorization('POST', url.pathname + url.search) : null;
    const { status, headers, text } = await postXml(
      url,
      `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${token}` +
        `<s:Body><${name} xmlns="${namespace}">${inside}</${name}></s:Body></s:Envelope>`,
      authorization === null ? {} : { authorization },
      this.#signal,
    );
    const challenges = [headers['www-authenticate'] ?? []].flat();
    if (status === 401) return { isRefused: true, challenges, body: {}, status };
    if (status >= 300 && status < 400) throw new OnvifError('elsewhere', 'a redirect');
    if (status === 404 || text.trim() === '') throw new OnvifError('not_onvif', `HTTP ${status}`);
    const [body] = nodesAt(parseXml(text), 'Envelope', 'Body');
    if (body === undefined) throw new OnvifError('not_onvif', 'no SOAP envelope');
    return { isRefused: isNotAuthorized(body), challenges, body, status };
  }
}

function answerOf(body: XmlNode, { name }: Question, status: number): XmlNode {
  const [fault] = nodesAt(body, 'Fault');
  if (fault !== undefined)
    throw new OnvifError(
      'fault',
      `${name}: ${textAt(fault, 'Reason', 'Text') ?? textAt(fault, 'faultstring') ?? ''}`,
    );
  const [answer] = nodesAt(body, `${name}Response`);
  if (answer === undefined) throw new OnvifError('not_onvif', `HTTP ${status}, no ${name}Response`);
  return answer;
}

/** ONVIF Core 5.11.2.2, ter:NotAuthorized; some say so in words only. */
function isNotAuthorized(body: XmlNode): boolean {
  const [fault] = nodesAt(body, 'Fault');
  if (fault === undefined) return false;
  const codes = [
    textAt(fault, 'Code', 'Subcode', 'Value'),
    textAt(fault, 'Code', 'Subcode', 'Subcode', 'Value'),
  ];
  const said = [
    ...codes,
    textAt(fault, 'Reason', 'Text'),
    textAt(fault, 'faultcode'),
    textAt(fault, 'faultstring'),
  ];
  return said.some((text) => /not.?authori[sz]ed|FailedAuthentication|unauthorized/i.test(text ?? ''));
}
