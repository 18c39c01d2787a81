/** Settings of the box as a whole: taken on trial, and kept once the gateway has seen that the box is still there with them. */
import type { BoxCommand, BoxProblem } from '@roadwatch/contract';
import { REPLY_REFUSALS, type ReplyCode } from '@roadwatch/contract/codes';
import { CommandRefusal } from './command-refusal.ts';
import type { CommandResult } from './receiver.ts';

interface BoxRefusal {
  readonly code: ReplyCode;
  readonly problems: readonly BoxProblem[];
}

export interface BoxSettingsParts {
  /** Null: they are on trial, or count already. */
  configure(
    settings: { readonly id: string; readonly values: unknown },
    confirmSeconds?: number,
  ): Promise<BoxRefusal | null>;
  confirm(id: string): Promise<BoxRefusal | null>;
}

export async function configureBox(command: BoxCommand, parts: BoxSettingsParts): Promise<CommandResult> {
  const isNew = command.kind === 'box.configure';
  const refusal = isNew
    ? await parts.configure(command.settings, command.settings.confirmSeconds)
    : await parts.confirm(command.settings);
  if (refusal === null) return { settings: isNew ? command.settings.id : command.settings };
  const { code, problems } = refusal;
  const told = problems.map(({ path, en }) => (path === '' ? en : `${path}: ${en}`));
  throw new CommandRefusal(code, told.join('; ') || REPLY_REFUSALS[code].en, problems);
}
