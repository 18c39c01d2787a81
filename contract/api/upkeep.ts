/** What keeps the record and the store in order: the audit, backups, and what has been given up. */
import { type Static, Type } from 'typebox';
import { Timestamp } from '../ids.ts';
import { AllOf, ListOf, Named, OneOf, OrNull, PageOf } from './shapes.ts';

const Count = Type.Integer({ minimum: 0 });

export const AuditEntry = Named('AuditEntry', {
  seq: Type.Integer({ minimum: 1 }),
  at: Timestamp,
  actor: Type.String({ description: 'user:NAME, token:NAME, unit:ID or system' }),
  channel: Type.String(),
  source: OrNull(Type.String(), { description: 'the address that it came from' }),
  action: Type.String({ description: 'a word of the vocabulary; unknown ones are shown as they are' }),
  subject: Type.String({ description: 'such as ticket:ID' }),
  before: OrNull(Type.String(), { description: 'JSON' }),
  after: OrNull(Type.String(), { description: 'JSON' }),
});
export type AuditEntry = Static<typeof AuditEntry>;
export const AuditPage = PageOf('AuditPage', AuditEntry);

export const AuditCheck = Named('AuditCheck', {
  ok: Type.Boolean(),
  lines: ListOf(Type.String(), { description: 'what was checked, against what, and what that leaves open' }),
});
export type AuditCheck = Static<typeof AuditCheck>;

const BACKUP_STATES = ['running', 'done', 'failed', 'disk_full'] as const;
export const Backup = Named('Backup', {
  state: OneOf(BACKUP_STATES),
  at: Timestamp,
  by: Type.String(),
  folder: Type.String({ description: 'on the machine of the gateway that made it' }),
  rows: Count,
  evidence: Count,
});
export type Backup = Static<typeof Backup>;
export const BackupList = AllOf('BackupList', Backup);
