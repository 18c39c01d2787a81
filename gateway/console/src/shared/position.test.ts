import { expect, test } from 'vitest';
import { mapLink, positionText } from './position.tsx';

const PLACE = {
  latitude: 31.1774276,
  longitude: 121.5272106,
  gcj02: { latitude: 31.175304, longitude: 121.5315419 },
};

test('a position is written with its hemispheres', () => {
  expect(positionText({ latitude: -30.2084, longitude: 120.2123 })).toEqual(['30.20840° S', '120.21230° E']);
  expect(positionText({ latitude: 1.5, longitude: -0.25 })).toEqual(['1.50000° N', '0.25000° W']);
});

test('a Chinese map is given the datum that it draws, another one WGS 84', () => {
  expect(mapLink(PLACE, 'zh')).toContain('position=121.5315419,31.175304');
  expect(mapLink(PLACE, 'en')).toContain('mlat=31.1774276&mlon=121.5272106');
});
