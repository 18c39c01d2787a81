import { expect, test } from 'vitest';
import { BOX_RANGES, type BoxNumber } from './box-ranges.ts';
import { boxSettingsProblems } from './box-settings.ts';
import { newId } from './ids.ts';
import { parseAgentStatus } from './parse.ts';

const NAME = { en: 'Added', zh: '新增' };
const paths = (value: unknown): readonly string[] => boxSettingsProblems(value).map(({ path }) => path);

test.each(Object.keys(BOX_RANGES) as BoxNumber[])(
  '%s is taken within its range, and told beyond it',
  (key) => {
    const [section, name] = key.split('.') as [string, string];
    const { minimum, maximum } = BOX_RANGES[key];
    const at = (value: unknown) => paths({ [section]: { [name]: value } });
    expect([at(minimum), at(maximum)]).toEqual([[], []]);
    expect([at(minimum - 0.5), at(maximum + 1), at(null)]).toEqual([[key], [key], [key]]);
  },
);

test.each([
  ['no object', 'all', ['']],
  ['a word for yes or no', { verify: { roadUsers: 'no' } }, ['verify.roadUsers']],
  ['an unknown key', { colour: 1, ring: { colour: 1 } }, ['colour', 'ring.colour']],
  [
    'an id twice',
    { cameras: [{ id: 'a' }], added: [{ id: 'a', name: NAME, url: 'rtsp://h/' }] },
    ['added[0].id'],
  ],
  ['a login in an address', { added: [{ id: 'a', name: NAME, url: 'rtsp://u:p@h/' }] }, ['added[0].url']],
  ['a part of a login', { added: [{ id: 'a', name: NAME, url: 'rtsp://p#ss@h/' }] }, ['added[0].url']],
  [
    'an address of something else',
    { added: [{ id: 'a', name: NAME, url: 'file:///etc' }] },
    ['added[0].url'],
  ],
  [
    'letters of another script',
    { cameras: [{ id: 'a', name: { en: 'a', zh: 'ä' } }] },
    ['cameras[0].name.zh'],
  ],
])('%s', (_, value, expected) => {
  const found = boxSettingsProblems(value);
  expect(found.map(({ path }) => path).sort()).toEqual(expected);
  for (const { en, zh } of found)
    expect([/\p{Script=Han}/u.test(en), /\p{Script=Han}/u.test(zh)]).toEqual([false, true]);
});

test('a status of a box that knows more settings than this program is a status', () => {
  const status = {
    ...{ v: 1, site: 'site', agent: 'box', state: 'online', bootId: newId(), cameras: 1, outboxDepth: 0 },
    ...{ at: '2026-11-23T08:15:30.250Z', startedAt: '2026-11-23T08:15:30.250Z', version: '9' },
    model: { name: 'm', version: '1', sha256: 'a'.repeat(64) },
    configuration: {
      ...{ version: 'a'.repeat(16), appliedAt: '2026-11-23T08:15:30.250Z', refused: [], settings: null },
      own: { gate: { later: true }, later: {}, takeSettings: true, logins: [] },
    },
  };
  expect(parseAgentStatus(Buffer.from(JSON.stringify(status)))).toMatchObject({ ok: true });
});
