import { Secret, SecretUrl } from '@roadwatch/common';
import { expect, test } from 'vitest';
import { Brokers, tryOtherVersion } from './brokers.ts';

const brokersAt = (...hosts: string[]): Brokers =>
  new Brokers(
    hosts.map((host) => ({
      url: new SecretUrl(`mqtt://${host}`),
      username: 'box',
      password: new Secret('x'),
    })),
  );
const hostOf = (brokers: Brokers): string => new URL(brokers.current.broker.url.reveal()).hostname;

test('one broker is tried again and again, after the time that it is left in peace', () => {
  const brokers = brokersAt('a');
  expect([brokers.ended(false, 2_000, 0, 0.5), brokers.ended(true, 4_000, 9, 0.5), hostOf(brokers)]).toEqual([
    2_000,
    4_000,
    'a',
  ]);
});

test('the next is tried when one cannot be reached, in their order and round again', () => {
  const brokers = brokersAt('a', 'b', 'c');
  const waits = [0, 1_000, 2_000, 3_000].map((now) => [
    brokers.ended(false, 2_500, now, 0.5),
    hostOf(brokers),
  ]);
  expect(waits).toEqual([
    [500, 'b'],
    [500, 'c'],
    [500, 'a'],
    [500, 'b'],
  ]);
});

test('when all are away each is still left in peace for its time', () => {
  const brokers = brokersAt('a', 'b');
  brokers.ended(false, 30_000, 0, 0);
  expect([brokers.ended(false, 2_000, 100, 0.5), hostOf(brokers)]).toEqual([2_000, 'b']);
});

test('a connection that was up and broke is tried at the same broker first', () => {
  const brokers = brokersAt('a', 'b');
  brokers.ended(false, 2_000, 0, 0);
  expect([brokers.ended(true, 1_500, 60_000, 0), hostOf(brokers), brokers.isFirst]).toEqual([
    1_500,
    'b',
    false,
  ]);
  brokers.backToFirst();
  expect([hostOf(brokers), brokers.isFirst]).toEqual(['a', true]);
});

test('each broker has a version of its own', () => {
  const brokers = brokersAt('a', 'b');
  expect([tryOtherVersion(brokers.current), brokers.current.version]).toEqual([true, 4]);
  brokers.ended(false, 2_000, 0, 0);
  expect(brokers.current.version).toBe(5);
  expect([tryOtherVersion(brokers.first), brokers.first.version]).toEqual([false, 5]);
});
