/** Over the picture: whom a live view waits for, or why it has ended or cannot be had, and what to do about it. */
import type { BilingualText } from '@roadwatch/contract';
import type { CameraDetail, OfCamera } from '@roadwatch/contract/api';
import { problemText } from '../shared/api/problem-text.ts';
import type { Texts } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import type { Phase } from './use-live.ts';

interface Props {
  readonly phase: Phase;
  readonly of: OfCamera;
  readonly name: BilingualText;
  /** What the camera last said; null before that is known. */
  readonly detail: CameraDetail | null;
  readonly onRestart: () => void;
}

/** RFC 6455, 7.4.1: an orderly end, and the gateway or the agent going away. */
const ORDERLY: ReadonlySet<number> = new Set([1000, 1001]);
/** IANA's registry of close codes (RFC 6455, 11.7), "try again later": the gateway could not send on as fast as pictures came. */
const TOO_SLOW = 1013;

export function LiveNote({ phase, of, name, detail, onRestart }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const over = phase.kind === 'ended' || phase.kind === 'failed';
  const todo = phase.kind === 'failed' ? todoOf(phase.problem.code, texts) : null;
  return (
    <div class={over ? 'live-note over' : 'live-note'} role="status">
      <p>{phaseText(phase, name[language], `${of.site}/${of.agent}`, texts)}</p>
      {over ? <CameraReason detail={detail} /> : null}
      {todo === null ? null : <p>{todo}</p>}
      {over && detail?.picture === null ? <p>{texts.live.noPicture}</p> : null}
      {over ? (
        <button type="button" onClick={onRestart}>
          {texts.live.restart}
        </button>
      ) : null}
    </div>
  );
}

/** The camera's own words, where it has any: in English the sentence says more than its code. */
function CameraReason({ detail }: { readonly detail: CameraDetail | null }) {
  const { cameraFaults, cameraState, live } = useTexts();
  const language = useLanguage();
  if (detail === null || detail.state === 'streaming') return null;
  const fault = cameraFaults[detail.code ?? ''];
  const why = (language === 'en' ? detail.reason : undefined) ?? fault;
  return (
    <p>{why === undefined ? cameraState[detail.state] : live.because(cameraState[detail.state], why)}</p>
  );
}

function todoOf(code: string | null, { live: { todo } }: Texts): string | null {
  return code !== null && Object.hasOwn(todo, code) ? todo[code as keyof typeof todo] : null;
}

function phaseText(phase: Phase, camera: string, agent: string, texts: Texts): string {
  switch (phase.kind) {
    case 'waiting':
    case 'playing':
      return texts.live.waitingFor(camera, agent);
    case 'ended':
      if (phase.code === TOO_SLOW) return texts.live.tooSlow;
      return ORDERLY.has(phase.code) ? texts.live.ended : texts.live.lost;
    case 'failed':
      return problemText(phase.problem, texts);
  }
}
