/** The wall: who may see it, in which language, and what keeps it dark. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Board } from './board.tsx';
import { Say, SpokenContext, spokenBy } from './language.tsx';
import { TEXTS } from './texts.ts';
import { useWall } from './use-wall.ts';

export function WallApp() {
  const token = useToken();
  const spoken = useMemo(() => spokenBy(location.search), []);
  return (
    <SpokenContext.Provider value={spoken}>
      {token === '' ? <Dark code="no_token" /> : <Lit token={token} key={token} />}
    </SpokenContext.Provider>
  );
}

function Lit({ token }: { readonly token: string }) {
  const wall = useWall(token);
  return wall.ended === null ? <Board wall={wall} token={token} /> : <Dark code={wall.ended} />;
}

function Dark({ code }: { readonly code: string }) {
  const why =
    code === 'no_token'
      ? TEXTS.noToken
      : code === 'token_revoked' || code === 'token_expired'
        ? TEXTS.ended[code]
        : TEXTS.ended.other;
  return (
    <main class="wall-dark">
      <h1>
        <Say text={why} />
      </h1>
      <p>
        <Say text={TEXTS.endedHint} />
      </p>
    </main>
  );
}

/** Behind the `#`, so that it is told nobody; another may be put there without a reload. */
function useToken(): string {
  const [token, setToken] = useState(location.hash.slice(1));
  useEffect(() => {
    const onHash = (): void => setToken(location.hash.slice(1));
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  return token;
}
