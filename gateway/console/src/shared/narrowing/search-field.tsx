/** A field for words that is answered once somebody has stopped writing. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const WRITING_MS = 300;

interface Props {
  readonly value: string;
  /** What can be sought. */
  readonly label: string;
  readonly onChange: (value: string) => void;
}

export function SearchField({ value, label, onChange }: Props) {
  const [written, setWritten] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // What else is asked for may have changed while somebody wrote.
  const latest = useRef(onChange);
  useLayoutEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => setWritten(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      class="search"
      value={written}
      maxLength={100}
      placeholder={label}
      aria-label={label}
      onInput={(event) => {
        const text = event.currentTarget.value;
        setWritten(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => latest.current(text.trim()), WRITING_MS);
      }}
    />
  );
}
