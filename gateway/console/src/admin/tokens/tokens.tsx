/** Which other programs may use the gateway, for what and until when; a new token is shown once. */

import type { ApiToken, NewToken } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { LastUsed } from '../../shared/last-used.tsx';
import { useTexts } from '../../shared/texts/language.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';
import { NewTokenForm } from './new-token-form.tsx';

const MARKS = { valid: 'good', expired: 'warn', revoked: 'bad' } as const;

export function Tokens() {
  const texts = useTexts();
  const api = useApi();
  const loaded = useLoaded(() => api.tokens.list(), [], 'tokens');
  const [made, setMade] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tokens = loaded.value ?? [];
  const tell = (error: unknown): void => setProblem(problemOf(error));
  const done = (): void => {
    setProblem(null);
    loaded.reload();
  };
  const make = (wanted: NewToken): Promise<void> =>
    api.tokens.make(wanted).then((token) => {
      setMade(token);
      done();
    }, tell);
  const revoke = (token: ApiToken): void => {
    if (confirm(texts.tokens.revokeSure(token.name))) api.tokens.revoke(token.id).then(done, tell);
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>{texts.pages.tokens}</h1>
        <span class="hint">{texts.tokens.intro}</span>
      </header>
      <NewTokenForm onMake={make} />
      <ProblemNote problem={problem} />
      {made === null ? null : (
        <label class="made">
          {texts.tokens.made}
          <input
            value={made}
            readOnly
            aria-label={texts.tokens.token}
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
      )}
      <LoadedPage
        loaded={loaded}
        empty={tokens.length === 0}
        none={texts.tokens.none}
        noneHint={texts.tokens.noneHint}
      >
        <List tokens={tokens} onRevoke={revoke} />
      </LoadedPage>
    </section>
  );
}

interface ListProps {
  readonly tokens: readonly ApiToken[];
  readonly onRevoke: (token: ApiToken) => void;
}

function List({ tokens, onRevoke }: ListProps) {
  const { tokens: texts } = useTexts();
  const { fullDay } = useWallClock();
  const now = useNow();
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>{texts.name}</th>
            <th>{texts.scopes}</th>
            <th>{texts.unit}</th>
            <th>{texts.expires}</th>
            <th>{texts.used}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <td>
                {token.name} <span class={`mark ${MARKS[token.state]}`}>{texts.state[token.state]}</span>
              </td>
              <td>{token.scopes.map((scope) => texts.scope[scope]).join(' · ')}</td>
              <td>{token.unitId ?? '–'}</td>
              <td class="figures">{fullDay(token.expiresAt)}</td>
              <LastUsed at={token.lastUsedAt} now={now} />
              <td>
                {token.state === 'valid' ? (
                  <button type="button" class="danger" onClick={() => onRevoke(token)}>
                    {texts.revoke}
                  </button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
