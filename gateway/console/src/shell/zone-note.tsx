/** Whose time is shown, on a screen whose own clock shows another. */
import { useApi } from '../shared/hooks.ts';
import { useTexts } from '../shared/language.ts';
import { wallClock } from '../shared/time.ts';
import { useWallClock } from '../shared/wall-clock.ts';

export function ZoneNote() {
  const texts = useTexts();
  const api = useApi();
  const city = useWallClock().offset(api.now());
  const own = wallClock(Intl.DateTimeFormat().resolvedOptions().timeZone).offset(api.now());
  if (city === own) return null;
  return (
    <small class="zone" title={texts.zoneHint(api.timeZone)}>
      {texts.zone(city)}
    </small>
  );
}
