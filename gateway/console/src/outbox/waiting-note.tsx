/** Verdicts that have not been sent: how many, whose, and what becomes of them. Those of another person can be thrown away. */
import type { User } from '@roadwatch/contract/api';
import { useTexts } from '../shared/texts/language.ts';
import { type Entry, isWaiting } from './entry.ts';
import { useOutbox, useOutboxView } from './use-outbox.ts';

interface Person {
  readonly id: string;
  readonly username: string;
  readonly count: number;
}

/** `user`: who is signed in; null while nobody is. */
export function WaitingNote({ user }: { readonly user: User | null }) {
  const { outbox: texts } = useTexts();
  const outbox = useOutbox();
  const { entries, lasting } = useOutboxView();
  const others = peopleOf(entries.filter(isWaiting)).filter(({ id }) => id !== user?.id);
  return (
    <>
      {others.map(({ id, username, count }) => (
        <p key={id} class="unsent" role="status">
          {texts.waitFor(count, username)}{' '}
          {user === null ? null : (
            <button
              type="button"
              onClick={() => {
                if (confirm(texts.discardSure(count, username))) void outbox.discard(id);
              }}
            >
              {texts.discard}
            </button>
          )}
        </p>
      ))}
      {lasting ? null : (
        <p class="unsent" role="status">
          {texts.memoryOnly}
        </p>
      )}
    </>
  );
}

function peopleOf(waiting: readonly Entry[]): readonly Person[] {
  return [...Map.groupBy(waiting, ({ by }) => by.id)].map(([id, own]) => ({
    id,
    username: own[0]?.by.username ?? '',
    count: own.length,
  }));
}
