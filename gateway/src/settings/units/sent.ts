/** Units as somebody sends them: checked, and their secrets sealed; what is not sent anew is kept. */
import type { FieldProblem, NewUnit, NewUnits } from '@roadwatch/contract/api';
import { MAIL_ADDRESS } from '../../config/mail.ts';
import { wrongFields } from '../../refusal.ts';
import type { Tx } from '../../store/database.ts';
import type { Documents, StoredUnit } from '../documents.ts';
import { storedChannel } from '../sent-channel.ts';

type Tell = (path: string, en: string, zh: string) => void;

/** Throws Refusal with every field that is wrong. */
export async function storedUnits(
  tx: Tx,
  former: Documents['units'],
  { units }: NewUnits,
): Promise<Documents['units']> {
  const known = new Map(former.units.map((unit) => [unit.id, unit]));
  const problems: FieldProblem[] = [];
  const stored: StoredUnit[] = [];
  for (const { channel, ...unit } of units) {
    const tell: Tell = (path, en, zh) => problems.push({ path: `units.${unit.id}.${path}`, en, zh });
    checkContacts(unit, tell);
    const ofChannel: Tell = (path, en, zh) => tell(`channel.${path}`, en, zh);
    const before = known.get(unit.id)?.channel;
    stored.push({ ...unit, channel: await storedChannel(tx, channel, before, ofChannel) });
  }
  if (problems.length > 0) throw wrongFields(problems);
  return { units: stored };
}

function checkContacts({ contacts }: Omit<NewUnit, 'channel'>, tell: Tell): void {
  for (const [index, { email }] of contacts.entries())
    if (email !== null && !MAIL_ADDRESS.test(email))
      tell(`contacts.${index}.email`, 'is no e-mail address', '不是邮箱地址');
}
