/** A way to be told, as somebody sends it: checked, and its secrets sealed; what is not sent anew is kept. */
import { addressProblem, Secret, SecretUrl } from '@roadwatch/common';
import type { NewChannel } from '@roadwatch/contract/api';
import { MAIL_ADDRESS, MAIL_SENDER } from '../config/mail.ts';
import { webhookKey } from '../config/webhook-secret.ts';
import type { Tx } from '../store/database.ts';
import type { StoredChannel } from './documents.ts';
import { findSecret, keepSecret, openSecret, secretRows } from './secrets.ts';

type Called = Extract<NewChannel, { readonly kind: 'webhook' | 'open311' }>;
type StoredCalled = Extract<StoredChannel, { readonly address: unknown }>;
type Tell = (path: string, en: string, zh: string) => void;

/** `tell`: of what is wrong, by the path of its field in the channel; what is returned then is of no use. */
export async function storedChannel(
  tx: Tx,
  channel: NewChannel,
  before: StoredChannel | undefined,
  tell: Tell,
): Promise<StoredChannel> {
  if (channel.kind === 'desk') return channel;
  if (channel.kind === 'mail') {
    checkMail(channel, tell);
    return channel;
  }
  const { secret: given, ...shown } = channel;
  const same = before?.kind === channel.kind && 'address' in before ? await readable(tx, before) : null;
  const keepsAddress = same !== null && same.url === channel.url;
  if (!keepsAddress) checkUrl(channel, tell);
  if (given !== undefined && channel.kind === 'webhook') checkKey(given, tell);
  const keepsSecret = given === undefined && same !== null && (await isSameServer(tx, same, channel));
  if (given === undefined && !keepsSecret)
    tell('secret', 'must be entered, as the server is a new one', '服务器是新的，须重新填写密钥');
  return {
    ...shown,
    url: keepsAddress ? channel.url : new SecretUrl(channel.url).toString(),
    address: keepsAddress ? same.address : await keepSecret(tx, new Secret(channel.url)),
    secret: keepsSecret ? same.secret : await keepSecret(tx, new Secret(given ?? '')),
  };
}

/** Null when its secrets cannot be read here, so that there is nothing to keep. */
async function readable(tx: Tx, before: StoredCalled): Promise<StoredCalled | null> {
  const rows = await secretRows(tx.db, [before.address.secret, before.secret.secret]);
  const isOpen = [...rows.values()].every((row) => openSecret(row, tx.auditKeys) !== null);
  return rows.size === 2 && isOpen ? before : null;
}

/** A secret goes to no other server than the one for which somebody entered it. */
async function isSameServer(tx: Tx, before: StoredCalled, { url }: Called): Promise<boolean> {
  if (before.url === url) return true;
  const address = (await findSecret(tx.db, before.address, tx.auditKeys))?.reveal();
  return address !== undefined && URL.parse(address)?.origin === URL.parse(url)?.origin;
}

function checkMail({ to, from }: Extract<NewChannel, { readonly kind: 'mail' }>, tell: Tell): void {
  for (const [index, address] of to.entries())
    if (!MAIL_ADDRESS.test(address)) tell(`to.${index}`, 'is no e-mail address', '不是邮箱地址');
  if (from !== null && !MAIL_SENDER.test(from))
    tell('from', 'is no sender such as Name <address>', '应为发件人，如 名称 <邮箱地址>');
}

function checkUrl({ kind, url }: Called, tell: Tell): void {
  if (!/^https?:\/\/[^\s…]+$/.test(url) || addressProblem(url, '') !== null)
    tell(
      'url',
      'is no http:// or https:// address that can be called; a password in it is written percent-encoded',
      '应为可访问的 http:// 或 https:// 地址，其中的密码须百分号编码',
    );
  else if (kind === 'open311' && url.includes('?'))
    tell('url', 'must have no query (?), which requests cannot keep', '不得含查询参数（?）');
}

function checkKey(secret: string, tell: Tell): void {
  try {
    webhookKey(secret);
  } catch (error) {
    tell('secret', (error as Error).message, '应为 whsec_ 加 Base64，或仅 Base64，至少 24 个字符');
  }
}
