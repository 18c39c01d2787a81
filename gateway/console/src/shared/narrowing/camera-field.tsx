/**
 * Chooses one camera of a whole city: what is typed is asked of the gateway, and what was chosen stands there by its name. The keys are
 * those of a combobox with a list (ARIA Authoring Practices).
 */
import type { CameraHealth } from '@roadwatch/contract/api';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { useApi } from '../api/use-api.ts';
import { useLanguage, useTexts } from '../texts/language.ts';
import { useCameraName } from './use-camera-name.ts';

const WRITING_MS = 300;
const LONGEST = 100;

interface Props {
  readonly label: string;
  /** What stands there when none is chosen. */
  readonly any: string;
  /** SITE/AGENT/CAMERA, or nothing. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface Found {
  readonly items: readonly CameraHealth[];
  readonly more: boolean;
  /** Which of them the arrow keys have come to. */
  readonly at: number;
}

export function CameraField({ label, any, value, onChange }: Props) {
  const { ticketList: texts } = useTexts();
  const id = useId();
  const name = useCameraName(value);
  const { written, found, problem, write, move, forget, close } = useSearch();
  // Whoever goes back, or clears all filters, is not shown what was typed here.
  useEffect(close, [value]);
  const choose = (camera: CameraHealth): void => {
    close();
    onChange(keyOf(camera));
  };
  const press = (event: KeyboardEvent): void => {
    const chosen = found?.items[found.at];
    if (event.key === 'Escape' && found !== null) {
      // What the field stands in is closed by the next one.
      event.stopPropagation();
      forget();
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      choose(chosen);
    } else if (found !== null && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    }
  };
  const isOpen = found !== null && found.items.length > 0;
  return (
    <div class="camera-field">
      <label>
        {label}
        <input
          type="text"
          role="combobox"
          name="camera"
          autocomplete="off"
          maxLength={LONGEST}
          placeholder={any}
          value={written ?? name}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          aria-activedescendant={isOpen && found.at >= 0 ? `${id}-${found.at}` : undefined}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onInput={({ currentTarget }) => {
            write(currentTarget.value);
            if (currentTarget.value.trim() === '' && value !== '') onChange('');
          }}
          onKeyDown={press}
          onBlur={close}
        />
      </label>
      <ProblemNote problem={problem} />
      {found === null ? null : <FoundCameras {...{ id, label, found }} onChoose={choose} />}
      {found === null || isOpen ? null : (
        <p class="hint" role="status">
          {texts.cameraNone}
        </p>
      )}
    </div>
  );
}

interface FoundProps {
  readonly id: string;
  readonly label: string;
  readonly found: Found;
  readonly onChoose: (camera: CameraHealth) => void;
}

function FoundCameras({ id, label, found: { items, more, at }, onChoose }: FoundProps) {
  const { ticketList: texts } = useTexts();
  const language = useLanguage();
  if (items.length === 0) return null;
  return (
    // What is pressed in it leaves the field the focus.
    <div class="cameras-found" onPointerDown={(event) => event.preventDefault()}>
      <div id={id} role="listbox" aria-label={label}>
        {items.map((camera, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are those of the field
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, and names it (aria-activedescendant)
          <div
            key={keyOf(camera)}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => onChoose(camera)}
          >
            {camera.name[language]} <small>{keyOf(camera)}</small>
          </div>
        ))}
      </div>
      {more ? <p class="hint">{texts.cameraMore}</p> : null}
    </div>
  );
}

/** What is typed, until the field is left, and what the gateway has of it. */
function useSearch() {
  const api = useApi();
  const [written, setWritten] = useState<string | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // An answer to what was typed before is dropped.
  const asked = useRef(0);
  const forget = (): void => {
    clearTimeout(timer.current);
    asked.current++;
    setFound(null);
    setProblem(null);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      asked.current++;
    },
    [],
  );
  const ask = (text: string): void => {
    const mine = asked.current;
    api.field.camerasCalled(text).then(
      ({ items, next }) => {
        if (mine === asked.current) setFound({ items, more: next !== null, at: -1 });
      },
      (error) => {
        if (mine === asked.current) setProblem(problemOf(error));
      },
    );
  };
  return {
    written,
    found,
    problem,
    write: (text: string): void => {
      forget();
      setWritten(text);
      const words = text.trim();
      if (words !== '') timer.current = setTimeout(() => ask(words), WRITING_MS);
    },
    move: (by: 1 | -1): void => {
      if (found === null || found.items.length === 0) return;
      const { length } = found.items;
      const at = found.at < 0 ? (by === 1 ? 0 : length - 1) : (found.at + by + length) % length;
      setFound({ ...found, at });
    },
    /** What was found, not what was typed. */
    forget,
    close: (): void => {
      forget();
      setWritten(null);
    },
  };
}

function keyOf({ site, agent, camera }: CameraHealth): string {
  return `${site}/${agent}/${camera}`;
}
