/** What a look at a known place is worth: every light, vehicle and kind of damage. */
import { WEATHERS } from '../../simulator/src/street/light.ts';
import { describePlace } from './support/place.ts';

const damages = [
  { kind: 'pothole', x: 1.7, z: 10, size: 1.15, seed: 12_200 },
  { kind: 'pothole', x: -1.7, z: 8, size: 0.8, seed: 31 },
  { kind: 'alligator_crack', x: 1.7, z: 10, size: 1.1, seed: 12_200 },
  { kind: 'longitudinal_crack', x: 1.7, z: 10, size: 1, seed: 12_200 },
] as const;
const vehicles = ['car', 'van', 'bus', 'truck', 'scooter'] as const;

for (const damage of damages) {
  for (const weather of WEATHERS) {
    describePlace(`${damage.kind} at ${damage.z} m, ${weather}`, {
      ...{ weather, damage, vehicles },
      faint:
        damage.kind === 'longitudinal_crack' || (damage.kind === 'alligator_crack' && weather === 'night'),
    });
  }
}
