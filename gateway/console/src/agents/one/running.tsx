/** With what the box runs, as it says itself, and what keeps it from the rest. */
import type { BoxSettingsView } from '@roadwatch/contract/api';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';
import { useAgentTexts } from '../texts/index.ts';
import { ProblemList } from './problem-list.tsx';

export function Running({
  view: { configuration, running, takesSettings, document },
}: {
  readonly view: BoxSettingsView;
}) {
  const texts = useAgentTexts();
  const { ago } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const { clockTime } = useWallClock();
  if (configuration === null) return <p class="hint">{texts.notSaid}</p>;
  const { appliedAt, trial, refused, refusedSettings, own } = configuration;
  const version =
    running === null ? texts.unknownVersion : running === 0 ? texts.ownFile : texts.runningVersion(running);
  return (
    <section class="box-running">
      <dl class="box-facts">
        <div>
          <dt>{texts.running}</dt>
          <dd>
            {takesSettings ? version : texts.ownFile}
            {trial === undefined ? null : (
              <span class="mark warn">{texts.trialUntil(clockTime(trial.until))}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>{texts.since}</dt>
          <dd class="figures">{ago(age(appliedAt, now, language))}</dd>
        </div>
      </dl>
      {takesSettings ? null : <p class="late">{texts.tooOld}</p>}
      {own?.takeSettings === false ? <p class="late">{texts.notTaken}</p> : null}
      {refused.length === 0 ? null : (
        <div class="late">
          <p>{texts.fileRefused}</p>
          <ul class="words" lang="en">
            {refused.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      {refusedSettings?.code === 'box_settings_in_part' ? (
        <div class="late">
          <p>{texts.inPart}</p>
          <ProblemList problems={refusedSettings.problems} document={document} />
        </div>
      ) : null}
    </section>
  );
}
