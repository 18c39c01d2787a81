/** When the picture was taken, and how to have a new one: the only way to see what a camera shows that has never seen damage. */
import type { CameraDetail } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { useCameraTexts } from '../texts/index.ts';

interface Props {
  readonly detail: CameraDetail;
  readonly onTaken: () => void;
}

/** While a picture is on its way. */
const LOOK_MS = 3_000;
/** Longer than a slow line takes for a picture: what has not come by then waits for the line. */
const PATIENCE_MS = 120_000;

export function PictureLine({ detail, onTaken }: Props) {
  const texts = useCameraTexts();
  const { ago } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const api = useApi();
  const [taking, setTaking] = useState(false);
  /** When the picture was taken that was last asked for here. */
  const [takenAt, setTakenAt] = useState<string | null>(null);
  const [patient, setPatient] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { picture } = detail;
  const take = async (): Promise<void> => {
    setTaking(true);
    setPatient(true);
    setProblem(null);
    try {
      setTakenAt((await api.field.takePicture(detail)).capturedAt);
      onTaken();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setTaking(false);
  };
  const onItsWay = takenAt !== null && (picture === null || picture.capturedAt < takenAt);
  useEffect(() => {
    if (!onItsWay || !patient) return;
    const looking = setInterval(onTaken, LOOK_MS);
    const waiting = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => {
      clearInterval(looking);
      clearTimeout(waiting);
    };
  }, [onItsWay, patient, takenAt]);
  const said = (): string => {
    if (taking) return texts.taking;
    if (onItsWay) return patient ? texts.onItsWay : texts.notCome;
    return picture === null ? '' : texts.takenAgo(ago(age(picture.capturedAt, now, language)));
  };
  return (
    <>
      <div class="bar">
        <span class="hint" role="status">
          {said()}
        </span>
        <span class="gap" />
        <button type="button" disabled={taking} onClick={() => void take()}>
          {texts.takePicture}
        </button>
      </div>
      {problem === null ? null : <ProblemNote problem={problem} />}
    </>
  );
}
