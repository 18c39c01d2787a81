/** What was last seen of a camera, for as long as nothing moves, with how old it is. */
import type { BilingualText } from '@roadwatch/contract';
import type { CameraDetail } from '@roadwatch/contract/api';
import { evidenceUrl } from '../shared/api/field.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';
import { useNow } from '../shared/time/use-now.ts';

interface Props {
  readonly picture: NonNullable<CameraDetail['picture']>;
  readonly name: BilingualText;
}

export function LiveStill({ picture, name }: Props) {
  const { live } = useTexts();
  const language = useLanguage();
  const now = useNow();
  return (
    <figure class="live-still">
      <img src={evidenceUrl(picture.sha256)} alt={live.stillOf(name[language])} />
      <figcaption>{live.lastPicture(age(picture.capturedAt, now, language))}</figcaption>
    </figure>
  );
}
