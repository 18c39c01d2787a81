import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestsOf } from './open311-answer.ts';

const json = (value: unknown) => requestsOf(JSON.stringify(value), 'json');

test('numbers and texts are taken as texts, and everything else as nothing', () => {
  expect(json([{ service_request_id: 293944, status: ' Closed ', status_notes: null, token: {} }])).toEqual([
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
  expect(json([{ description: 'a\u0000b', extended_attributes: { state: 'on_site' } }])).toMatchObject([
    { description: 'ab', state: 'on_site' },
  ]);
  expect(json([null, 3, 'x', []])).toHaveLength(4);
});

test.each(['', '{}', 'null', '<html>', '[', '"x"'])('%j is no list of requests', (text) => {
  expect(requestsOf(text, 'json')).toBeNull();
});

test('XML as the specification has it gives the same', () => {
  const xml = `<?xml version="1.0" encoding="utf-8"?><service_requests>
    <request><service_request_id>0293</service_request_id><status>closed</status>
      <status_notes>filled &amp; sealed &lt;b&gt;</status_notes><lat>30.2</lat></request>
    <request><service_request_id>294</service_request_id><status_notes/></request></service_requests>`;
  expect(requestsOf(xml, 'xml')).toMatchObject([
    { id: '0293', status: 'closed', notes: 'filled & sealed <b>' },
    { id: '294', status: null, notes: null },
  ]);
  const one = '<service_requests><request><token>7a</token></request></service_requests>';
  expect(requestsOf(one, 'xml')).toMatchObject([{ token: '7a', id: null }]);
  expect(requestsOf('<service_requests/>', 'xml')).toEqual([]);
});

test.each([
  [
    'entities of its own',
    '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><service_requests>&b;</service_requests>',
  ],
  ['another root', '<errors><error><code>400</code></error></errors>'],
  ['what is not closed', '<service_requests><request>'],
  ['JSON', '[]'],
])('XML with %s is no list of requests', (_name, text) => {
  expect(requestsOf(text, 'xml')).toBeNull();
});

test('no answer, whatever it is, is more than a list of short texts without what no store keeps', () => {
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
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.array(entry).map((list) => JSON.stringify(list)),
      ),
      (text) => {
        for (const format of ['json', 'xml'] as const)
          for (const request of requestsOf(text, format) ?? [])
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
