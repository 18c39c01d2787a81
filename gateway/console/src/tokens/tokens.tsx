/** Which other programs may use the gateway, for what and until when; a new token is shown once. */

import type { ApiToken, NewToken } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { Answer } from '../shared/answer.tsx';
import { type Problem, problemOf } from '../shared/api.ts';
import { sayProblem, useApi, useLoaded, useNow } from '../shared/hooks.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import { age } from '../shared/time.ts';
import { useWallClock } from '../shared/wall-clock.ts';
import { NewTokenForm } from './new-token-form.tsx';

const MARKS = { valid: 'good', expired: 'warn', revoked: 'bad' } as const;

export function Tokens() {
  const texts = useTexts();
  const api = useApi();
  const loaded = useLoaded(() => api.tokens(), [], 'tokens');
  const [made, setMade] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tokens = loaded.value ?? [];
  const tell = (error: unknown): void => setProblem(problemOf(error));
  const done = (): void => {
    setProblem(null);
    loaded.reload();
  };
  const make = (wanted: NewToken): Promise<void> =>
    api.makeToken(wanted).then((token) => {
      setMade(token);
      done();
    }, tell);
  const revoke = (token: ApiToken): void => {
    if (confirm(texts.tokens.revokeSure(token.name))) api.revokeToken(token.id).then(done, tell);
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>{texts.pages.tokens}</h1>
        <span class="hint">{texts.tokens.intro}</span>
      </header>
      <NewTokenForm onMake={make} />
      {problem === null ? null : (
        <p class="problem" role="alert">
          {sayProblem(problem, texts)}
        </p>
      )}
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
      <Answer
        loaded={loaded}
        empty={tokens.length === 0}
        none={texts.tokens.none}
        noneHint={texts.tokens.noneHint}
      >
        <List tokens={tokens} onRevoke={revoke} />
      </Answer>
    </section>
  );
}

interface ListProps {
  readonly tokens: readonly ApiToken[];
  readonly onRevoke: (token: ApiToken) => void;
}

function List({ tokens, onRevoke }: ListProps) {
  const all = useTexts();
  const { tokens: texts } = all;
  const language = useLanguage();
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
              <td class="figures">
                {token.lastUsedAt === null ? texts.never : all.ago(age(token.lastUsedAt, now, language))}
              </td>
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
