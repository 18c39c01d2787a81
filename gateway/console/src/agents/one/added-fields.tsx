/** Cameras that a box has from here: by their address, and by the name of a login whose password only the box knows. */
import { MAX_ADDRESS, MAX_CAMERA_NAME, TRANSPORTS, type Transport } from '@roadwatch/contract/box-ranges.ts';
import type { AddedCamera, BoxSettings } from '@roadwatch/contract/box-settings.ts';
import { useAgentTexts } from '../texts/index.ts';
import { known, withAdded } from './draft.ts';
import { ChoiceField, Field, TextField } from './fields.tsx';

interface Props {
  readonly document: BoxSettings;
  /** Names of those that the file of the box has. */
  readonly logins: readonly string[];
  readonly disabled: boolean;
  readonly onChange: (document: BoxSettings) => void;
}

const NEW: AddedCamera = { id: '', name: { en: '', zh: '' }, url: 'rtsp://' };

export function AddedFields({ document, logins, disabled, onChange }: Props) {
  const texts = useAgentTexts();
  const added = document.added ?? [];
  const set = (next: readonly AddedCamera[]): void => onChange(withAdded(document, next));
  return (
    <section class="box-cameras">
      <h2>{texts.added}</h2>
      <p class="hint">{texts.addedHint}</p>
      {added.map((camera, index) => (
        <OneAdded
          key={index}
          path={`added[${index}]`}
          {...{ camera, logins, disabled }}
          onChange={(next) => set(added.map((entry, place) => (place === index ? next : entry)))}
          onRemove={() => set(added.filter((_, place) => place !== index))}
        />
      ))}
      {disabled ? null : (
        <button type="button" onClick={() => set([...added, NEW])}>
          {texts.add}
        </button>
      )}
    </section>
  );
}

interface OneProps {
  readonly path: string;
  readonly camera: AddedCamera;
  readonly logins: readonly string[];
  readonly disabled: boolean;
  readonly onChange: (camera: AddedCamera) => void;
  readonly onRemove: () => void;
}

function OneAdded({ path, camera, logins, disabled, onChange, onRemove }: OneProps) {
  const texts = useAgentTexts();
  const { id, name, url, detectUrl, login, enabled = true, transport = 'tcp', farPass = false } = camera;
  const set = (change: { readonly [Key in keyof AddedCamera]?: AddedCamera[Key] | undefined }): void =>
    onChange(known({ ...camera, ...change }) as AddedCamera);
  const text = (
    at: string,
    label: string,
    value: string,
    maxLength: number,
    take: (text: string) => void,
  ) => (
    <TextField
      path={`${path}.${at}`}
      {...{ label, value, maxLength, disabled }}
      onChange={(given) => take(given.trimStart())}
    />
  );
  const check = (at: string, label: string, checked: boolean, take: (checked: boolean) => void) => (
    <Field path={`${path}.${at}`} label={label}>
      <input
        type="checkbox"
        {...{ checked, disabled }}
        onChange={({ currentTarget }) => take(currentTarget.checked)}
      />
    </Field>
  );
  return (
    <fieldset class="box-fields">
      <legend>{id === '' ? '…' : id}</legend>
      {text('id', texts.id, id, 63, (value) => set({ id: value }))}
      {text('name.en', texts.nameEn, name.en, MAX_CAMERA_NAME, (en) => set({ name: { ...name, en } }))}
      {text('name.zh', texts.nameZh, name.zh, MAX_CAMERA_NAME, (zh) => set({ name: { ...name, zh } }))}
      {text('url', texts.address, url, MAX_ADDRESS, (value) => set({ url: value }))}
      {text('detectUrl', texts.detectAddress, detectUrl ?? '', MAX_ADDRESS, (value) =>
        set({ detectUrl: value === '' ? undefined : value }),
      )}
      <ChoiceField
        path={`${path}.login`}
        label={texts.login}
        value={login ?? ''}
        choices={[
          ['', texts.noLogin],
          ...[...new Set([...logins, ...(login === undefined ? [] : [login])])].map(
            (entry) => [entry, entry] as const,
          ),
        ]}
        disabled={disabled}
        onChange={(value) => set({ login: value === '' ? undefined : value })}
      />
      <ChoiceField
        path={`${path}.transport`}
        label={texts.transport}
        value={transport}
        choices={TRANSPORTS.map((entry) => [entry, entry.toUpperCase()] as const)}
        disabled={disabled}
        onChange={(value) => set({ transport: value as Transport })}
      />
      {check('farPass', texts.farPass, farPass, (checked) => set({ farPass: checked }))}
      {check('enabled', texts.paused, !enabled, (checked) => set({ enabled: !checked }))}
      {disabled ? null : (
        <button type="button" onClick={onRemove}>
          {texts.remove}
        </button>
      )}
    </fieldset>
  );
}
