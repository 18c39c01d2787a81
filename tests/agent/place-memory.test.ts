/** What a look at a known place is worth; more lights, vehicles and damage in the long suite. */
import { describePlace } from './support/place.ts';

const damage = { kind: 'pothole', x: 1.7, z: 10, size: 1.15, seed: 12_200 } as const;

describePlace('a pothole under a grey sky', { weather: 'overcast', damage, vehicles: ['car', 'scooter'] });
describePlace('a pothole at night', { weather: 'night', damage, vehicles: ['car'] });
