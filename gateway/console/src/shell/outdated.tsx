/** Says that the gateway has a newer console than this page, and loads it when its person wants it: never amid what they do. */
import { useEffect, useState } from 'preact/hooks';
import { filesOf, isOutdated } from '../shared/page-files.ts';
import { useTexts } from '../shared/texts/language.ts';

/** Of this page as it was opened, before it loaded further parts of itself. */
const OWN = filesOf(document);

interface Props {
  /** A gateway that is replaced is gone for a moment: whenever it is back, it may be another. */
  readonly lineUp: boolean;
}

export function OutdatedMark({ lineUp }: Props) {
  const { outdated: texts } = useTexts();
  const [outdated, setOutdated] = useState(false);
  useEffect(() => {
    if (!lineUp) return undefined;
    let over = false;
    void isOutdated(OWN).then((is) => {
      if (!over) setOutdated(is);
    });
    return () => {
      over = true;
    };
  }, [lineUp]);
  if (!outdated) return null;
  return (
    <span class="outdated" role="status">
      {texts.said}{' '}
      <button type="button" onClick={() => location.reload()}>
        {texts.reload}
      </button>
    </span>
  );
}
