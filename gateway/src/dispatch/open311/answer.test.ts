import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestsOf } from './answer.ts';

const json = (value: unknown) => requestsOf(JSON.stringify(value), 'json');

test('numbers and texts are taken as texts, and everything else as nothing', async () => {
  expect(
    await json([{ service_request_id: 293944, status: ' Closed ', status_notes: null, token: {} }]),
  ).toEqual([
    {
      id: '293944',
      token: null,
      status: 'closed',
      notes: null,
      description: null,
      state: null,
      outcome: null,
    },
  ]);
  expect(await json([{ description: 'a\u0000b', extended_attributes: { state: 'on_site' } }])).toMatchObject([
    { description: 'ab', state: 'on_site' },
  ]);
  expect(await json([null, 3, 'x', []])).toHaveLength(4);
});

test.each(['', '{}', 'null', '<html>', '[', '"x"'])('%j is no list of requests', async (text) => {
  expect(await requestsOf(text, 'json')).toBeNull();
});

test('XML as the specification has it gives the same', async () => {
  const xml = `<?xml version="1.0" encoding="utf-8"?><service_requests>
    <request><service_request_id>0293</service_request_id><status>closed</status>
      <status_notes>filled &amp; sealed &lt;b&gt;</status_notes><lat>30.2</lat></request>
    <request><service_request_id>294</service_request_id><status_notes/></request></service_requests>`;
  expect(await requestsOf(xml, 'xml')).toMatchObject([
    { id: '0293', status: 'closed', notes: 'filled & sealed <b>' },
    { id: '294', status: null, notes: null },
  ]);
  const one = '<service_requests><request><token>7a</token></request></service_requests>';
  expect(await requestsOf(one, 'xml')).toMatchObject([{ token: '7a', id: null }]);
  expect(await requestsOf('<service_requests/>', 'xml')).toEqual([]);
});

test.each([
  [
    'entities of its own',
    '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><service_requests>&b;</service_requests>',
  ],
  ['another root', '<errors><error><code>400</code></error></errors>'],
  ['what is not closed', '<service_requests><request>'],
  ['JSON', '[]'],
  ['more elements inside each other than any answer has', `${'<a>'.repeat(17)}${'</a>'.repeat(17)}`],
])('XML with %s is no list of requests', async (_name, text) => {
  expect(await requestsOf(text, 'xml')).toBeNull();
});

test('no answer, whatever it is, is more than a list of short texts without what no store keeps', async () => {
  const entry = fc.dictionary(
    fc.constantFrom(
      'service_request_id',
      'token',
      'status',
      'status_notes',
      'description',
      'extended_attributes',
      '__proto__',
    ),
    fc.anything(),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(entry).map((list) => JSON.stringify(list)),
      ),
      async (text) => {
        for (const format of ['json', 'xml'] as const)
          for (const request of (await requestsOf(text, format)) ?? [])
            for (const value of Object.values(request)) {
              if (value === null) continue;
              expect(value.length).toBeLessThanOrEqual(4000);
              expect(value.isWellFormed() && !value.includes('\u0000')).toBe(true);
            }
      },
    ),
    { numRuns: 500 },
  );
});

test('a thousand requests with all that they may say are read, in both forms', async () => {
  const description = '坑'.repeat(1500);
  const list = Array.from({ length: 1000 }, (_, index) => ({
    service_request_id: `R-${index}`,
    description,
  }));
  const xml = list.map(
    (entry) =>
      `<request><service_request_id>${entry.service_request_id}</service_request_id><description>${description}</description></request>`,
  );
  const last = { id: 'R-999', description };
  expect((await json(list))?.at(-1)).toMatchObject(last);
  expect(
    (await requestsOf(`<service_requests>${xml.join('')}</service_requests>`, 'xml'))?.at(-1),
  ).toMatchObject(last);
});
