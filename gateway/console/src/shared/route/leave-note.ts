/** What is not saved is not lost by a click beside it. */
import { useEffect } from 'preact/hooks';
import { askBeforeLeaving } from './route.ts';

/** A page with what is not saved is neither closed nor left without a question. */
export function useLeaveNote(unsaved: boolean, question: string): void {
  useEffect(() => {
    if (!unsaved) return;
    const onClose = (event: BeforeUnloadEvent): void => event.preventDefault();
    const stay = askBeforeLeaving(() => confirm(question));
    window.addEventListener('beforeunload', onClose);
    return () => {
      stay();
      window.removeEventListener('beforeunload', onClose);
    };
  }, [unsaved, question]);
}
