/** The system of the maintainers in its forms: as somebody sends it, as the store has it, and at work. It is a webhook as units have. */
import type { Secret } from '@roadwatch/common';
import type { FieldProblem, NewOperations } from '@roadwatch/contract/api';
import type { Config } from '../config/config.ts';
import type { Webhook } from '../config/units.ts';
import { wrongFields } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import { keepChannel, plainChannel, workingChannel } from './channels.ts';
import type { Documents, StoredChannel, StoredWebhook } from './documents.ts';
import type { SecretRef } from './secrets.ts';
import { storedChannel } from './sent-channel.ts';

/** Throws Refusal with every field that is wrong. */
export async function storedOperations(
  tx: Tx,
  before: Documents['operations'],
  { webhook }: NewOperations,
): Promise<Documents['operations']> {
  if (webhook === null) return { webhook: null };
  const problems: FieldProblem[] = [];
  const former = before.webhook === null ? undefined : channelOf(before.webhook);
  const stored = await storedChannel(tx, { kind: 'webhook', ...webhook }, former, (path, en, zh) =>
    problems.push({ path: `webhook.${path}`, en, zh }),
  );
  if (problems.length > 0) throw wrongFields(problems);
  return { webhook: webhookOf(stored) };
}

/** As a file has it. */
export async function keepOperations(
  tx: Tx,
  { webhook }: Config['operations'],
): Promise<Documents['operations']> {
  if (webhook === null) return { webhook: null };
  return { webhook: webhookOf(await keepChannel(tx, plainWebhook(webhook))) };
}

/** Without the secret that it has. */
export function shownOperations({ webhook }: Config['operations']) {
  return { webhook: webhook === null ? null : { url: plainWebhook(webhook).url, hasSecret: true } };
}

/** `lost`: its secrets cannot be read here, so that nobody is told. */
export function workingOperations(
  { webhook }: Documents['operations'],
  open: (ref: SecretRef) => Secret | null,
): Config['operations'] & { readonly lost: boolean } {
  if (webhook === null) return { webhook: null, lost: false };
  const working = workingChannel(channelOf(webhook), open);
  return { webhook: working?.webhook ?? null, lost: working === null };
}

function plainWebhook(webhook: Webhook) {
  return plainChannel({ webhook }) as Extract<ReturnType<typeof plainChannel>, { readonly kind: 'webhook' }>;
}

function channelOf(webhook: StoredWebhook) {
  return { kind: 'webhook', ...webhook } as const;
}

function webhookOf(channel: StoredChannel): StoredWebhook {
  const { kind: _, ...webhook } = channel as Extract<StoredChannel, { readonly kind: 'webhook' }>;
  return webhook;
}
