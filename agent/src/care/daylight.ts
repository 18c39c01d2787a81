/** Whether the sun stands high enough that no street is dark. Pure. */

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Above this the street is lit, whatever the weather; below, a narrow one may not be. */
const HIGH_DEGREES = 10;
/** Where nobody has said where the camera is: by the clock of the box. */
const DAY_HOURS = { from: 10, to: 15 };
const J2000_MS = Date.UTC(2000, 0, 1, 12);
const DAY_MS = 86_400_000;

export function isBroadDay(wallMs: number, place: Place | undefined): boolean {
  if (place !== undefined) return sunDegrees(wallMs, place) >= HIGH_DEGREES;
  const hour = new Date(wallMs).getHours();
  return hour >= DAY_HOURS.from && hour < DAY_HOURS.to;
}

/** How high the sun stands, within a degree (the Astronomical Almanac's formula of low precision). */
export function sunDegrees(wallMs: number, { latitude, longitude }: Place): number {
  const days = (wallMs - J2000_MS) / DAY_MS;
  const meanLongitude = 280.46 + 0.9856474 * days;
  const anomaly = radians(357.528 + 0.9856003 * days);
  const ecliptic = radians(meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly));
  const obliquity = radians(23.439 - 4e-7 * days);
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const siderealDegrees = 280.46061837 + 360.98564736629 * days + longitude;
  const hourAngle = radians(siderealDegrees) - ascension;
  const north = radians(latitude);
  const sine =
    Math.sin(north) * Math.sin(declination) + Math.cos(north) * Math.cos(declination) * Math.cos(hourAngle);
  return (Math.asin(sine) * 180) / Math.PI;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
