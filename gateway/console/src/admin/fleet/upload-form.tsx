/** A release is uploaded as the files of its folder. */
import { useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useAdminTexts } from '../texts/index.ts';

export function UploadForm({ onUploaded }: { readonly onUploaded: () => void }) {
  const { fleet } = useAdminTexts();
  const api = useApi();
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    api.fleet
      .upload([...(input.current?.files ?? [])])
      .then(
        () => {
          if (input.current !== null) input.current.value = '';
          setChosen(0);
          onUploaded();
        },
        (error) => setProblem(problemOf(error)),
      )
      .finally(() => setSending(false));
  };
  return (
    <form class="bar" onSubmit={submit}>
      <label>
        {fleet.files}{' '}
        <input
          ref={input}
          type="file"
          multiple
          required
          title={fleet.filesHint}
          onChange={(event) => setChosen(event.currentTarget.files?.length ?? 0)}
        />
      </label>
      <button type="submit" class="primary" disabled={sending || chosen === 0}>
        {sending ? fleet.uploading : fleet.upload}
      </button>
      <ProblemNote problem={problem} />
      {problem === null ? null : (
        <small class="problem" lang="en">
          {problem.message}
        </small>
      )}
    </form>
  );
}
