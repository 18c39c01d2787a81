/** What has become of what was saved: whether the box has it. */
import type { CameraDetail, CameraSettingsView } from '@roadwatch/contract/api';
import { useTexts } from '../../shared/texts/language.ts';
import { useCameraTexts } from '../texts/index.ts';

interface Props {
  readonly detail: CameraDetail;
  readonly settings: CameraSettingsView;
  /** Null for whoever may not. */
  readonly onSendAgain: (() => void) | null;
}

export function DeliveryNote({ detail, settings: { version, delivery }, onSendAgain }: Props) {
  const texts = useCameraTexts();
  const { refusals } = useTexts();
  if (delivery.state === 'none') return null;
  if (delivery.state === 'refused') {
    const known = refusals[(delivery.code ?? '') as keyof typeof refusals];
    return (
      <div class="delivery late" role="status">
        <p>{texts.delivery.refused(known ?? '')}</p>
        {delivery.reason === null ? null : (
          <p class="hint words" lang="en">
            {delivery.reason}
          </p>
        )}
        {onSendAgain === null ? null : (
          <button type="button" onClick={onSendAgain}>
            {texts.sendAgain}
          </button>
        )}
      </div>
    );
  }
  const waits = detail.online ? texts.delivery.waiting : texts.delivery.waitingOffline;
  return (
    <p class="delivery hint" role="status">
      {delivery.state === 'waiting' ? waits : texts.delivery.applied(version)}
    </p>
  );
}
