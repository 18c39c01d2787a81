import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { storyOf } from '../sources/scenario.ts';
import { parseScenario, readScenario } from './read.ts';

const HEAD = 'name: a-street\ndescription: a street\nseed: 3\nseconds: 60\n';
const POTHOLE = '{kind: pothole, at: 5, x: 1.7, z: 10}';

describe('a scenario', () => {
  test('says what happens: damage, its repair by a patch, weather, traffic, a crew', () => {
    const scenario = parseScenario(`${HEAD}
weather: [{at: 0, is: day}, {at: 30, is: rain}]
traffic: [{at: 0, vehiclesPerMinute: 8, people: 1}]
damage: [{id: hole, kind: pothole, at: 5, repairedAt: 40, x: 1.7, z: 10}]
crew: [{at: 30, until: 40, x: 1.7, z: 10}]
parked: [{at: 50, until: 60, vehicle: van, x: 1.7, z: 10}]
faults: [{at: 50, until: 55, fault: {kind: packet-loss, rate: 0.1}}]`);
    const story = storyOf(scenario);
    expect(story.events.map(({ id, damage, from, until }) => [id, damage.kind, from, until])).toEqual([
      ['hole', 'pothole', 5, 40],
      ['hole-repair', 'repair', 40, undefined],
    ]);
    expect(story.weather).toEqual([
      { at: 0, is: 'day' },
      { at: 30, is: 'rain' },
    ]);
    expect(story.crew).toEqual([{ at: 30, until: 40, x: 1.7, z: 10 }]);
    expect(story.parked).toEqual([{ at: 50, until: 60, kind: 'van', x: 1.7, z: 10 }]);
  });

  test('finds its background and its password beside itself', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'a.yaml');
    await writeFile(file, `${HEAD}background: {picture: road.jpg}\nuser: operator\npasswordFile: secret`);
    expect(await readScenario(file)).toMatchObject({
      background: { picture: join(folder, 'road.jpg') },
      passwordFile: join(folder, 'secret'),
    });
  });
});

describe('what makes no sense is refused by name', () => {
  test.each([
    ['a missing field', 'name: a\nseed: 1\nseconds: 5', /description/],
    ['an unknown field', `${HEAD}colour: red`, /colour/],
    [
      'an unknown field of a damage',
      `${HEAD}damage: [{kind: pothole, at: 1, x: 1, z: 9, deep: 3}]`,
      /damage\/0.*deep/,
    ],
    ['a damage of no kind', `${HEAD}damage: [{kind: hole, at: 1, x: 1, z: 9}]`, /damage\/0\/kind/],
    ['a damage behind the camera', `${HEAD}damage: [{kind: pothole, at: 1, x: 1, z: -9}]`, /damage\/0\/z/],
    [
      'a damage after the end',
      `${HEAD}damage: [{kind: pothole, at: 61, x: 1, z: 9}]`,
      /damage\/0\/at: 61 lies after the end/,
    ],
    [
      'a repair before the damage',
      `${HEAD}damage: [{kind: pothole, at: 9, repairedAt: 4, x: 1, z: 9}]`,
      /damage\/0\/repairedAt: 4 is not after 9/,
    ],
    ['two damages in one place', `${HEAD}damage: [${POTHOLE}, ${POTHOLE}]`, /damage\/1: lies on damage\/0/],
    [
      'a name given twice',
      `${HEAD}damage: [{id: a, kind: pothole, at: 1, x: -3, z: 9}, {id: a, kind: pothole, at: 1, x: 3, z: 20}]`,
      /damage\/1\/id: a is there already/,
    ],
    [
      'a car that leaves before it parks',
      `${HEAD}parked: [{at: 9, until: 3, x: 1, z: 9}]`,
      /parked\/0\/until: 3 is not after 9/,
    ],
    [
      'a crew that leaves before it comes',
      `${HEAD}crew: [{at: 9, until: 3, x: 1, z: 9}]`,
      /crew\/0\/until: 3 is not after 9/,
    ],
    [
      'weather out of order',
      `${HEAD}weather: [{at: 0, is: day}, {at: 9, is: fog}, {at: 5, is: day}]`,
      /weather\/2\/at: 5 is not after 9/,
    ],
    [
      'weather that begins late',
      `${HEAD}weather: [{at: 3, is: day}]`,
      /weather\/0\/at: the first begins at 0/,
    ],
    [
      'a fault of no kind',
      `${HEAD}faults: [{at: 1, fault: {kind: explode}}]`,
      /faults\/0\/fault\/kind: no fault "explode"/,
    ],
    [
      'a fault without its figures',
      `${HEAD}faults: [{at: 1, fault: {kind: packet-loss}}]`,
      /faults\/0\/fault\/.*rate/,
    ],
    [
      'a fault twice at once',
      `${HEAD}faults: [{at: 1, until: 9, fault: {kind: freeze}}, {at: 5, fault: {kind: freeze}}]`,
      /faults\/1: freeze goes on already/,
    ],
    ['text that is no YAML', 'name: [', /not valid YAML/],
    ['a list', '- 1', /must be object/],
    ['nothing', '', /expected a mapping/],
    [
      'a sub-stream that is larger than the picture',
      `${HEAD}video: {width: 640, height: 360, subStream: {width: 1280, height: 720}}`,
      /video\/subStream: larger than the picture \(640x360\)/,
    ],
    ['an odd size', `${HEAD}video: {width: 641}`, /video\/width/],
    ['a sound that is none', `${HEAD}audio: mp3`, /audio/],
    ['half a login', `${HEAD}user: operator`, /user and passwordFile belong together/],
    [
      'a login by what is none',
      `${HEAD}user: a\npasswordFile: b\nlogin: {schemes: [digest-md5, ntlm]}`,
      /login\/schemes\/1/,
    ],
    ['a scheme twice', `${HEAD}user: a\npasswordFile: b\nlogin: {schemes: [basic, basic]}`, /login\/schemes/],
  ])('%s', (_, text, reason) => {
    expect(() => parseScenario(text)).toThrow(reason);
  });

  test('a file that is not there', async () => {
    await expect(readScenario('/nowhere/a.yaml')).rejects.toThrow('/nowhere/a.yaml: no such file');
  });
});
