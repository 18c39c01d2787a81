import { expect, test } from 'vitest';
import { claimAt, textsOf, usernamesOf } from './claims.ts';

test.each<[object, string, unknown]>([
  [{ roles: ['a'] }, 'roles', ['a']],
  [{ realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
  [{ 'realm_access.roles': ['flat'], realm_access: { roles: ['a'] } }, 'realm_access.roles', ['flat']],
  [{ 'https://city.example/roles': ['a'] }, 'https://city.example/roles', ['a']],
  [{ 'https://city.example/access': { roles: ['a'] } }, 'https://city.example/access.roles', ['a']],
  [{ resource_access: { 'road.watch': { roles: ['a'] } } }, 'resource_access.road.watch.roles', ['a']],
  [{ roles: 'x' }, 'roles.length', undefined],
  [{}, 'constructor.name', undefined],
])('in %j, %s is %j', (claims, path, expected) => {
  expect(claimAt(claims, path)).toEqual(expected);
});

test.each<[unknown, readonly string[]]>([
  [
    ['a', 1, null, 'b c'],
    ['a', 'b c'],
  ],
  ['a  b,c', ['a  b,c', 'a', 'b', 'c']],
  ['CN=roads, OU=city', ['CN=roads, OU=city', 'CN=roads', 'OU=city']],
  [{ roads: { org: 'city' } }, ['roads']],
  [7, []],
  [undefined, []],
])('the roles in %j are %j', (claim, expected) => {
  expect(textsOf(claim)).toEqual(expected);
});

test.each<[unknown, string | null]>([
  ['Ann@city.example', 'ann'],
  ['李伟', '李伟'],
  ['Li  Wei', 'li.wei'],
  ['Ｌｉ', 'li'],
  ['José', 'josé'],
  ['../admin', null],
  ['@city.example', null],
  ['', null],
  ['a:b', null],
  ['a\u0000b', null],
  [['ann'], null],
])('somebody called %j is %j here', (claim, expected) => {
  expect(usernamesOf(claim, 'issuer#1')?.[0] ?? null).toBe(expected);
});

test('a name that is too long is cut, and stays one person’s own', () => {
  const long = 'a'.repeat(100);
  const [one, two] = ['1', '2'].map((sub) => usernamesOf(long, `issuer#${sub}`)?.[0]);
  expect(one).toMatch(/^a{52}-[0-9a-f]{10}$/);
  expect(one).not.toBe(two);
});
