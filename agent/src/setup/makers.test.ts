import { expect, test } from 'vitest';
import { MAKERS, makersOf, urlsOf } from './makers.ts';

test.each([
  ['Hikvision', 'rtsp://h/Streaming/Channels/201', 'rtsp://h/Streaming/Channels/202'],
  ['Dahua', 'rtsp://h/cam/realmonitor?channel=2&subtype=0', 'rtsp://h/cam/realmonitor?channel=2&subtype=1'],
  ['Uniview', 'rtsp://h/unicast/c2/s0/live', 'rtsp://h/unicast/c2/s1/live'],
  ['Tiandy', 'rtsp://h/2/1', 'rtsp://h/2/2'],
  ['TP-Link', 'rtsp://h/stream1', 'rtsp://h/stream2'],
  [
    'Axis',
    'rtsp://h/axis-media/media.amp?camera=2',
    'rtsp://h/axis-media/media.amp?camera=2&resolution=640x360',
  ],
])('%s has its streams at %s', (name, main, sub) => {
  const maker = MAKERS.find((entry) => entry.name === name);
  expect(maker && urlsOf(maker, 'h', 2)).toEqual({ maker: name, main, sub });
});

test('each of them is tested', () => {
  expect(MAKERS.map(({ name }) => name)).toEqual([
    'Hikvision',
    'Dahua',
    'Uniview',
    'Tiandy',
    'TP-Link',
    'Axis',
  ]);
});

test.each([
  ['IP Camera(C6431)', 'Hikvision'],
  ['Login to 4M0A2B3PAZ', 'Dahua'],
  ['AXIS_ACCC8E012345', 'Axis'],
  ['TP-Link IP-Camera', 'TP-Link'],
  ['Uniview', 'Uniview'],
  ['c4790503a344', 'Uniview'],
])('%s is %s', (said, name) => {
  expect(makersOf([said]).map((maker) => maker.name)).toEqual([name]);
});

test('of one that says nothing known, all are tried', () => {
  expect(makersOf(['RTSP Server'])).toBe(MAKERS);
});
