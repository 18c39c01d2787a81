/** What the city's settings may be, as plain numbers: the gateway's schemas and the console's forms read them from here. */
export const RANGES = {
  responseMinutes: { minimum: 0.01, maximum: 10_000 },
  sceneLookMinutes: { minimum: 0.01, maximum: 10_000 },
  handoverMinutes: { minimum: 0.01, maximum: 10_000 },
  reviewMinutes: { minimum: 0.01, maximum: 100_000 },
  reworkHours: { minimum: 0.01, maximum: 100_000 },
  resolutionHours: { minimum: 0.01, maximum: 100_000 },
  evidenceDays: { minimum: 1, maximum: 36_500 },
  rejectedDays: { minimum: 1, maximum: 36_500 },
  refusedDays: { minimum: 1, maximum: 3650 },
  pollSeconds: { minimum: 0.01, maximum: 86_400 },
} as const;

export const MAX_UNITS = 1000;
export const MAX_CONTACTS = 20;
/** Of an area that is sent as GeoJSON: as large as 100,000 points with all their decimals may be. */
export const MAX_AREA_BYTES = 16 * 1024 * 1024;
