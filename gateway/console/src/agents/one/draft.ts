/** Settings of a box while somebody changes them: what is emptied is as the file of the box has it, and is left out. */
import type { BoxNumber, ClipMode, LogLevel } from '@roadwatch/contract/box-ranges.ts';
import type { AddedCamera, BoxSettings } from '@roadwatch/contract/box-settings.ts';

export type CameraChange = Omit<NonNullable<BoxSettings['cameras']>[number], 'id'>;
type Sections = Readonly<Record<string, Readonly<Record<string, number>> | undefined>>;

export function numberOf(settings: object | undefined, key: BoxNumber): number | null {
  const [section, name] = key.split('.') as [string, string];
  return (settings as Sections | undefined)?.[section]?.[name] ?? null;
}

export function withNumber(document: BoxSettings, key: BoxNumber, value: number | null): BoxSettings {
  const [section, name] = key.split('.') as [keyof BoxSettings, string];
  const { [name]: _, ...others } = { ...(document[section] as Record<string, number> | undefined) };
  return withPart(document, section, value === null ? others : { ...others, [name]: value });
}

export function withLevel(document: BoxSettings, level: LogLevel | null): BoxSettings {
  return withPart(document, 'log', level === null ? {} : { level });
}

export function withClips(document: BoxSettings, clips: ClipMode | null): BoxSettings {
  return withPart(document, 'evidence', clips === null ? {} : { clips });
}

export function withRoadUsers(document: BoxSettings, roadUsers: boolean | null): BoxSettings {
  const { roadUsers: _, ...others } = document.verify ?? {};
  return withPart(document, 'verify', roadUsers === null ? others : { ...others, roadUsers });
}

export function changeOf(document: BoxSettings, id: string): CameraChange {
  const { id: _, ...change } = document.cameras?.find((camera) => camera.id === id) ?? { id };
  return change;
}

/** `undefined` in it is as the file has it. */
export function withCamera(
  document: BoxSettings,
  id: string,
  change: { readonly [Key in keyof CameraChange]: CameraChange[Key] | undefined },
): BoxSettings {
  const merged = known({ ...changeOf(document, id), ...change });
  const before = document.cameras ?? [];
  const entry = { id, ...merged };
  const isEmpty = Object.keys(merged).length === 0;
  const cameras = before.some((camera) => camera.id === id)
    ? before.flatMap((camera) => (camera.id !== id ? [camera] : isEmpty ? [] : [entry]))
    : isEmpty
      ? before
      : [...before, entry];
  return withPart(document, 'cameras', cameras);
}

export function withAdded(document: BoxSettings, added: readonly AddedCamera[]): BoxSettings {
  return withPart(document, 'added', [...added]);
}

/** A name that was emptied in one language only is there as the file has it. `own`: by camera. */
export function withWholeNames(
  document: BoxSettings,
  own: ReadonlyMap<string, { readonly en: string; readonly zh: string }>,
): BoxSettings {
  if (document.cameras === undefined) return document;
  const cameras = document.cameras.map(({ name, ...camera }) => {
    const { en = '', zh = '' } = own.get(camera.id) ?? {};
    return name === undefined ? camera : { ...camera, name: { en: name.en || en, zh: name.zh || zh } };
  });
  return { ...document, cameras };
}

/** Without what is undefined. */
export function known<Value extends object>(value: Value): { [Key in keyof Value]: NonNullable<Value[Key]> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Value]: NonNullable<Value[Key]> };
}

function withPart(document: BoxSettings, key: keyof BoxSettings, part: object): BoxSettings {
  const { [key]: _, ...rest } = document;
  return Object.keys(part).length === 0 ? rest : { ...rest, [key]: part };
}
