/** SOAP 1.2 as ONVIF speaks it: a question read within limits, an answer or a fault written. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

type Node = Readonly<Record<string, unknown>>;

export interface Question {
  /** As `GetProfiles`. */
  readonly name: string;
  readonly body: Node;
  /** Of WS-Security, where there is one. */
  readonly token: UsernameToken | null;
  readonly messageId: string | null;
}

export interface UsernameToken {
  readonly username: string;
  /** Base64; of nonce, created and password (WSS Username Token Profile 1.0). */
  readonly digest: string;
  readonly nonce: string;
  readonly created: string;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  maxNestedTags: 40,
});

/** Null for anything that is no question. */
export function readQuestion(text: string): Question | null {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return null;
  try {
    if (XMLValidator.validate(text) !== true) return null;
    const envelope = child(parser.parse(text), 'Envelope');
    const body = child(envelope, 'Body');
    const header = child(envelope, 'Header');
    const [name] = Object.keys(body ?? {}).filter((key) => !key.startsWith('#'));
    if (body === undefined || name === undefined) return null;
    const token = child(child(header, 'Security'), 'UsernameToken');
    return {
      name,
      body: child(body, name) ?? {},
      token: token === undefined ? null : readToken(token),
      messageId: textOf(header, 'MessageID'),
    };
  } catch {
    return null;
  }
}

export function textOf(node: Node | undefined, name: string): string | null {
  const value = node?.[name];
  const text = typeof value === 'object' && value !== null ? (value as Node)['#text'] : value;
  return typeof text === 'string' && text !== '' ? text : null;
}

/** `body`: XML, with the prefixes that are declared here. */
export function envelope(body: string, header = ''): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
    'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" ' +
    'xmlns:ter="http://www.onvif.org/ver10/error" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" ' +
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema">' +
    `${header === '' ? '' : `<s:Header>${header}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** ONVIF Core 5.11.2. */
export function fault(subcode: string, reason: string): string {
  return envelope(
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:${subcode}</s:Value></s:Subcode></s:Code>` +
      `<s:Reason><s:Text xml:lang="en">${escapeXml(reason)}</s:Text></s:Reason></s:Fault>`,
  );
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function readToken(node: Node): UsernameToken {
  const [username, digest, nonce, created] = ['Username', 'Password', 'Nonce', 'Created'].map(
    (name) => textOf(node, name) ?? '',
  );
  return { username, digest, nonce, created } as UsernameToken;
}

function child(node: unknown, name: string): Node | undefined {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
  const value = (node as Node)[name];
  if (value === '') return {};
  return typeof value === 'object' && value !== null ? (value as Node) : undefined;
}
