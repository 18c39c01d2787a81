/** The live view on a page without keys of its own: Escape closes it. */
import { useEffect } from 'preact/hooks';
import { type LiveProps, LiveView } from './live-view.tsx';

export function LivePane(props: LiveProps) {
  const { onClose } = props;
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') onClose();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onClose]);
  return <LiveView {...props} />;
}
