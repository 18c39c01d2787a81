/** Where a camera stands and where it looks: by a click on the map, or typed, in either of the two datums. Kept in WGS 84. */
import type { CameraSettings, Datum, Position } from '@roadwatch/contract';
import type { CameraDetail } from '@roadwatch/contract/api';
import { toGcj02, toWgs84 } from '@roadwatch/contract/gcj02.ts';
import { useMemo, useState } from 'preact/hooks';
import type { MapCanvas } from '../../map/canvas/canvas.ts';
import { MapView } from '../../map/map-view.tsx';
import { type Markers, NO_MARKERS } from '../../map/markers.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import { keyOf } from '../figures.ts';
import { useCameraTexts } from '../texts/index.ts';
import { NumberField } from './number-field.tsx';

/** One half of a place alone is none. */
const HALVES = ['latitude', 'longitude'] as const;
type Half = (typeof HALVES)[number];
type Halves = Readonly<Record<Half, number | null>>;
const NO_HALVES: Halves = { latitude: null, longitude: null };

type PlaceSettings = Pick<CameraSettings, 'position' | 'headingDegrees' | 'fieldOfViewDegrees'>;

interface Props {
  readonly detail: CameraDetail;
  /** As it is to be saved. */
  readonly document: CameraSettings;
  /** What was changed: null there is as the box has it, which is not known while something else is set. */
  readonly asBox: Partial<PlaceSettings>;
  readonly disabled: boolean;
  readonly onChange: (fields: Partial<PlaceSettings>) => void;
}

const RANGES = { latitude: 90, longitude: 180 } as const;
/** To about 10 cm. */
const rounded = (degrees: number): number => Number(degrees.toFixed(6));
const noHover = (): void => {};

export function PlaceField({ detail, document, asBox, disabled, onChange }: Props) {
  const texts = useCameraTexts();
  const language = useLanguage();
  const api = useApi();
  const ground = useLoaded(() => api.map.ground(), [], 'ground').value;
  const [datum, setDatum] = useState<Datum>(language === 'zh' ? 'gcj02' : 'wgs84');
  /** What has been typed of a place of which the other half is missing. */
  const [half, setHalf] = useState<Halves>(NO_HALVES);
  const shownOf = <Name extends keyof PlaceSettings>(name: Name, box: PlaceSettings[Name]) =>
    document[name] ?? (asBox[name] === null ? null : box);
  const said = detail.position === undefined ? null : toWgs84(detail.position);
  const position = shownOf('position', said);
  const heading = shownOf('headingDegrees', detail.headingDegrees ?? null);
  const field = shownOf('fieldOfViewDegrees', detail.fieldOfViewDegrees ?? null);
  const typed = position === null ? null : datum === 'gcj02' ? toGcj02(position) : position;
  const place = (given: Position, as: Datum): void => {
    const { latitude, longitude } = toWgs84({ ...given, datum: as });
    setHalf(NO_HALVES);
    onChange({ position: { latitude: rounded(latitude), longitude: rounded(longitude) } });
  };
  const type = (name: Half, value: number | null): void => {
    const { latitude, longitude } = typed ?? half;
    const given: Halves = { latitude, longitude, [name]: value };
    if (given.latitude !== null && given.longitude !== null)
      place({ latitude: given.latitude, longitude: given.longitude }, datum);
    else {
      setHalf(given);
      if (position !== null) onChange({ position: null });
    }
  };
  const isHalf = position === null && (half.latitude === null) !== (half.longitude === null);
  const onGround = (at: Position): Position => (ground?.datum === 'gcj02' ? toGcj02(at) : at);
  const markers = useMemo((): Markers => {
    if (position === null) return NO_MARKERS;
    const { latitude, longitude } = onGround(position);
    const camera = {
      ...{ key: keyOf(detail), name: detail.name[language], latitude, longitude },
      ...{ said: detail.lastState, headingDegrees: heading, fieldOfViewDegrees: field },
    };
    return { ...NO_MARKERS, cameras: new Map([[camera.key, camera]]) };
  }, [position?.latitude, position?.longitude, heading, field, ground?.datum, language]);
  const open = (canvas: MapCanvas | null): void => {
    if (canvas === null || position === null) return;
    canvas.show(onGround(position), 0);
    // The camera's own sign is enough, and moves.
    canvas.mark(null);
  };
  return (
    <fieldset class="camera-fields camera-place">
      <legend>{texts.place}</legend>
      <p class="hint">{texts.placeHint}</p>
      {ground === null ? null : (
        <div class="place-map">
          <MapView
            ground={ground}
            markers={markers}
            onCanvas={open}
            onPick={noHover}
            onHover={noHover}
            onPlace={(at) => {
              if (!disabled) place(at, ground.datum);
            }}
          />
        </div>
      )}
      <p class="field">
        <label for="place-datum">{texts.datum}</label>
        <select
          id="place-datum"
          value={datum}
          onChange={({ currentTarget }) => setDatum(currentTarget.value as Datum)}
        >
          <option value="wgs84">{texts.datums.wgs84}</option>
          <option value="gcj02">{texts.datums.gcj02}</option>
        </select>
      </p>
      {HALVES.map((name) => (
        <NumberField
          key={name}
          label={texts[name]}
          value={typed === null ? half[name] : rounded(typed[name])}
          {...{ min: -RANGES[name], max: RANGES[name], disabled }}
          onChange={(value) => type(name, value)}
        />
      ))}
      {isHalf ? (
        <p class="problem" role="alert">
          {texts.halfPlace[half.latitude === null ? 'latitude' : 'longitude']}
        </p>
      ) : null}
      <NumberField
        label={texts.heading}
        {...{ value: heading, min: 0, max: 359.9, disabled }}
        onChange={(value) => onChange({ headingDegrees: value })}
      />
      <NumberField
        label={texts.fieldOfView}
        {...{ value: field, min: 1, max: 180, disabled }}
        onChange={(value) => onChange({ fieldOfViewDegrees: value })}
      />
    </fieldset>
  );
}
