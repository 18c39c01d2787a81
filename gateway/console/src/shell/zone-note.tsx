/** Whose time is shown, on a screen whose own clock shows another. */
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import { wallClock } from '../shared/time/time.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export function ZoneNote() {
  const texts = useTexts();
  const api = useApi();
  const city = useWallClock().offset(api.now());
  const own = wallClock(Intl.DateTimeFormat().resolvedOptions().timeZone).offset(api.now());
  if (city === own) return null;
  return (
    <small class="zone" title={texts.zoneHint(api.session.timeZone)}>
      {texts.zone(city)}
    </small>
  );
}
