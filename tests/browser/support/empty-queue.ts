/** Rejects everything that waits for a verdict, so that the next test begins with an empty queue. */
export async function emptyQueue(consoleUrl: string, login: object): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const session = await fetch(new URL('/api/session', consoleUrl), {
    method: 'POST',
    headers: json,
    body: JSON.stringify(login),
  });
  const { csrfToken } = (await session.json()) as { csrfToken: string };
  const cookie = session.headers
    .getSetCookie()
    .map((entry) => entry.split(';')[0])
    .join('; ');
  const headers = { ...json, cookie, 'x-csrf-token': csrfToken };
  const waiting = await fetch(new URL('/api/alerts?state=new&limit=200', consoleUrl), { headers });
  const { items } = (await waiting.json()) as { items: readonly { readonly id: string }[] };
  for (const { id } of items) {
    const url = new URL(`/api/alerts/${id}/reject`, consoleUrl);
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ reason: 'other' }) });
    if (!answer.ok) throw new Error(`reject: ${answer.status} ${await answer.text()}`);
  }
}
