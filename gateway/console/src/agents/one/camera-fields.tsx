/** The cameras of the file of a box: each can be paused, called otherwise and asked in another way, and none can be taken away. */
import type { BoxSettingsView } from '@roadwatch/contract/api';
import { MAX_CAMERA_NAME, TRANSPORTS, type Transport } from '@roadwatch/contract/box-ranges.ts';
import type { BoxSettings } from '@roadwatch/contract/box-settings.ts';
import { CameraMark } from '../../shared/camera-mark.tsx';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { useLanguage } from '../../shared/texts/language.ts';
import type { OfAgent } from '../of-agent.ts';
import { useAgentTexts } from '../texts/index.ts';
import { changeOf, withCamera } from './draft.ts';
import { ChoiceField, Field, TextField } from './fields.tsx';

type BoxCamera = BoxSettingsView['cameras'][number];

interface Props {
  readonly of: OfAgent;
  readonly document: BoxSettings;
  readonly cameras: readonly BoxCamera[];
  readonly disabled: boolean;
  readonly onChange: (document: BoxSettings) => void;
}

export function CameraFields({ cameras, document, ...props }: Props) {
  const texts = useAgentTexts();
  const ofFile = cameras.filter(({ own }) => own !== undefined);
  return (
    <section class="box-cameras">
      <h2>{texts.cameras}</h2>
      <p class="hint">{ofFile.length === 0 ? texts.noCameras : texts.camerasHint}</p>
      {ofFile.map((camera) => (
        <OneOfFile key={camera.camera} camera={camera} document={document} {...props} />
      ))}
    </section>
  );
}

function OneOfFile({
  of: { site, agent },
  camera: { camera: id, name, state, own },
  document,
  disabled,
  onChange,
}: Omit<Props, 'cameras'> & { readonly camera: BoxCamera }) {
  const texts = useAgentTexts();
  const language = useLanguage();
  const index = document.cameras?.findIndex((entry) => entry.id === id) ?? -1;
  const path = `cameras[${index}]`;
  const change = changeOf(document, id);
  const set = (next: Parameters<typeof withCamera>[2]): void => onChange(withCamera(document, id, next));
  const ownName = own?.name ?? name;
  const setName = (next: { readonly en: string; readonly zh: string }): void => {
    const isOwn = (next.en === '' && next.zh === '') || (next.en === ownName.en && next.zh === ownName.zh);
    set({ name: isOwn ? undefined : next });
  };
  const pausedByFile = own?.enabled === false;
  const yesNo = (value: boolean): string => (value ? texts.yes : texts.no);
  return (
    <fieldset class="box-fields">
      <legend>
        <a href={at(`/cameras/${site}/${agent}/${id}`)} onClick={follow}>
          <bdi>{name[language]}</bdi>
        </a>{' '}
        <small class="name">{id}</small> <CameraMark camera={{ state }} />
      </legend>
      <Field
        path={`${path}.enabled`}
        label={texts.paused}
        hint={pausedByFile ? texts.pausedByFile : undefined}
      >
        <input
          type="checkbox"
          checked={!(change.enabled ?? !pausedByFile)}
          disabled={disabled}
          onChange={({ currentTarget: { checked } }) =>
            set({ enabled: checked === pausedByFile ? undefined : !checked })
          }
        />
      </Field>
      <ChoiceField
        path={`${path}.transport`}
        label={texts.transport}
        value={change.transport ?? ''}
        choices={[
          ['', texts.asFile(own?.transport.toUpperCase() ?? '')],
          ...TRANSPORTS.map((name) => [name, name.toUpperCase()] as const),
        ]}
        disabled={disabled}
        onChange={(value) => set({ transport: value === '' ? undefined : (value as Transport) })}
      />
      <ChoiceField
        path={`${path}.farPass`}
        label={texts.farPass}
        value={change.farPass === undefined ? '' : String(change.farPass)}
        choices={[
          ['', texts.asFile(yesNo(own?.farPass ?? false))],
          ['true', texts.yes],
          ['false', texts.no],
        ]}
        disabled={disabled}
        onChange={(value) => set({ farPass: value === '' ? undefined : value === 'true' })}
      />
      {(['en', 'zh'] as const).map((key) => (
        <TextField
          key={key}
          path={`${path}.name.${key}`}
          label={key === 'en' ? texts.nameEn : texts.nameZh}
          value={change.name?.[key] ?? ''}
          placeholder={ownName[key]}
          maxLength={MAX_CAMERA_NAME}
          disabled={disabled}
          onChange={(value) => setName({ ...(change.name ?? ownName), [key]: value })}
        />
      ))}
    </fieldset>
  );
}
