import { expect, test } from 'vitest';
import { mapLinks } from './map-links.ts';

const PLACE = { latitude: 30.2084, longitude: 120.2123, gcj02: { latitude: 30.2061, longitude: 120.2169 } };
const ANDROID = 'Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36';

test.each([
  ['an Android telephone', ANDROID, ['device', 'amap']],
  ['WeChat on Android', `${ANDROID} MicroMessenger/8.0.44`, ['amap']],
  ['DingTalk on Android', `${ANDROID} AliApp(DingTalk/7.5)`, ['amap']],
  ['an iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)', ['apple', 'amap']],
  ['WeChat on an iPhone', 'Mozilla/5.0 (iPhone) MicroMessenger/8.0.44', ['apple', 'amap']],
])('%s gets the maps that it opens', (_, userAgent, programs) =>
  expect(mapLinks(PLACE, 'x', userAgent).map(({ program }) => program)).toEqual(programs),
);

test('each program gets the place in its own datum, with the name of what is there', () => {
  const [device, amap] = mapLinks(PLACE, '坑槽 & 1', ANDROID);
  expect(device?.href).toBe('geo:30.2084,120.2123?q=30.2084,120.2123(%E5%9D%91%E6%A7%BD%20%26%201)');
  expect(amap?.href).toContain('position=120.2169,30.2061&name=%E5%9D%91%E6%A7%BD%20%26%201&');
  expect(mapLinks(PLACE, 'x', 'iPhone')[0]?.href).toBe('https://maps.apple.com/?ll=30.2061,120.2169&q=x');
});
