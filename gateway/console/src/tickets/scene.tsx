/** The picture that caused a ticket, or the scene as it is now. */

import type { TicketDetail } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { EvidenceView } from '../evidence/evidence-view.tsx';
import { LivePane } from '../live/live-pane.tsx';
import { evidenceUrl } from '../shared/api/field.ts';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { at } from '../shared/route/base.ts';
import { follow, navigate } from '../shared/route/route.ts';
import { useTexts } from '../shared/texts/language.ts';
import { sceneLookDue } from './clock-view.ts';
import { Photos } from './photos.tsx';

interface Props {
  readonly ticket: TicketDetail;
  readonly scene: boolean;
  readonly now: number;
}

export function Scene({ ticket, scene, now }: Props) {
  const texts = useTexts();
  const [photo, setPhoto] = useState<string | null>(null);
  const here = at(`/tickets/${ticket.id}`);
  return (
    <div class="scene">
      {ticket.camera === '' ? null : (
        <a
          class={sceneLookDue(ticket, now) ? 'button primary' : 'button'}
          href={scene ? here : `${here}/scene`}
          onClick={follow}
        >
          {scene ? texts.tickets.sceneHidden : texts.tickets.lookAtScene}
        </a>
      )}
      {scene && ticket.camera !== '' ? (
        <LivePane camera={ticket} name={ticket.cameraName} onClose={() => navigate(here)} />
      ) : (
        <>
          {photo === null ? (
            <Cause alertId={ticket.alertId} />
          ) : (
            <div class="picture">
              <img class="photo" src={evidenceUrl(photo)} alt={texts.crew.photos} />
            </div>
          )}
          <Photos photos={ticket.photos} inspections={ticket.inspections} shown={photo} onShow={setPhoto} />
        </>
      )}
    </div>
  );
}

function Cause({ alertId }: { readonly alertId: string }) {
  const api = useApi();
  const { value: alert } = useLoaded(() => api.alerts.one(alertId), ['alert'], alertId);
  return alert === null ? <div class="picture" /> : <EvidenceView alert={alert} />;
}
