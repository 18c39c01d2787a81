/** What has become of what was saved: on its way, on trial, confirmed, or why not. */
import type { BoxSettingsView } from '@roadwatch/contract/api';
import { useTexts } from '../../shared/texts/language.ts';
import { useAgentTexts } from '../texts/index.ts';
import { ProblemList } from './problem-list.tsx';

interface Props {
  readonly view: BoxSettingsView;
  /** Null for whoever may not. */
  readonly onSendAgain: (() => void) | null;
}

export function DeliveryNote({ view: { version, delivery, online, document }, onSendAgain }: Props) {
  const texts = useAgentTexts();
  const { refusals } = useTexts();
  if (delivery.state === 'none') return null;
  if (delivery.state === 'refused') {
    const why = refusals[(delivery.code ?? '') as keyof typeof refusals] ?? '';
    return (
      <div class="delivery late" role="status">
        <p>{texts.delivery.refused(version, why)}</p>
        <ProblemList problems={delivery.problems} document={document} />
        {onSendAgain === null ? null : (
          <button type="button" onClick={onSendAgain}>
            {texts.sendAgain}
          </button>
        )}
      </div>
    );
  }
  return (
    <p class="delivery hint" role="status">
      {delivery.state === 'applied'
        ? texts.delivery.applied(version)
        : delivery.state === 'waiting' && !online
          ? texts.delivery.waitingOffline
          : texts.delivery[delivery.state]}
    </p>
  );
}
