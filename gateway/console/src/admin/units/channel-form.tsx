/** How a unit gets its orders. What opens something is never shown: it is kept, or typed anew. */
import type { ChannelSettings } from '@roadwatch/contract/api';
import { RANGES } from '@roadwatch/contract/settings-ranges.ts';
import { CalledFields } from '../settings/called-fields.tsx';
import { Field, NumberField } from '../settings/field.tsx';
import { useAdminTexts } from '../texts/index.ts';
import { type DraftChannel, newChannel } from './draft.ts';

const KINDS: readonly ChannelSettings['kind'][] = ['desk', 'webhook', 'open311', 'mail'];

interface Props<Channel extends DraftChannel = DraftChannel> {
  readonly path: string;
  readonly channel: Channel;
  readonly onChange: (channel: DraftChannel) => void;
}

export function ChannelForm({ path, channel, onChange }: Props) {
  const { units: texts } = useAdminTexts();
  return (
    <fieldset class="channel">
      <legend>{texts.channel}</legend>
      <Field path={`${path}.kind`} label={texts.channel}>
        <select
          value={channel.kind}
          onChange={({ currentTarget }) =>
            onChange(newChannel(currentTarget.value as ChannelSettings['kind']))
          }
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {texts.kind[kind]}
            </option>
          ))}
        </select>
      </Field>
      {channel.kind === 'mail' ? <Mail path={path} channel={channel} onChange={onChange} /> : null}
      {channel.kind === 'webhook' ? <CalledFields path={path} called={channel} onChange={onChange} /> : null}
      {channel.kind === 'open311' ? (
        <>
          <CalledFields path={path} called={channel} onChange={onChange} />
          <Open311 path={path} channel={channel} onChange={onChange} />
        </>
      ) : null}
    </fieldset>
  );
}

type Of<Kind extends ChannelSettings['kind']> = Extract<DraftChannel, { readonly kind: Kind }>;

function Open311({ path, channel, onChange }: Props<Of<'open311'>>) {
  const { units: texts } = useAdminTexts();
  const typed = (change: Partial<typeof channel>): void => onChange({ ...channel, ...change });
  return (
    <div class="fields">
      <Field path={`${path}.format`} label={texts.format}>
        <select
          value={channel.format}
          onChange={({ currentTarget }) => typed({ format: currentTarget.value as 'json' | 'xml' })}
        >
          <option value="json">JSON</option>
          <option value="xml">XML</option>
        </select>
      </Field>
      <Field path={`${path}.jurisdictionId`} label={texts.jurisdiction}>
        <input
          maxLength={200}
          value={channel.jurisdictionId ?? ''}
          onInput={({ currentTarget }) => typed({ jurisdictionId: currentTarget.value || null })}
        />
      </Field>
      <Field path={`${path}.serviceCode`} label={texts.serviceCode}>
        <input
          maxLength={200}
          value={channel.serviceCode ?? ''}
          onInput={({ currentTarget }) => typed({ serviceCode: currentTarget.value || null })}
        />
      </Field>
      <NumberField
        path={`${path}.pollSeconds`}
        label={texts.pollSeconds}
        range={RANGES.pollSeconds}
        value={channel.pollSeconds}
        onChange={(pollSeconds) => typed({ pollSeconds: pollSeconds as number })}
      />
    </div>
  );
}

function Mail({ path, channel, onChange }: Props<Of<'mail'>>) {
  const { units: texts } = useAdminTexts();
  return (
    <div class="fields">
      <Field path={`${path}.to`} label={texts.to}>
        <textarea
          rows={2}
          value={channel.to.join('\n')}
          onInput={({ currentTarget }) => onChange({ ...channel, to: linesOf(currentTarget.value) })}
        />
      </Field>
      <Field path={`${path}.from`} label={texts.from}>
        <input
          maxLength={360}
          value={channel.from ?? ''}
          onInput={({ currentTarget }) => onChange({ ...channel, from: currentTarget.value || null })}
        />
      </Field>
    </div>
  );
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n').map((line) => line.trim());
}
