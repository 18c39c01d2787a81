/** How many wait, in the title of the tab, for those who look at another one. */
import { useEffect } from 'preact/hooks';
import { useTexts } from '../shared/texts/language.ts';

export function useTitle(waiting: number): void {
  const texts = useTexts();
  useEffect(() => {
    document.title = waiting === 0 ? texts.product : texts.waitingTitle(waiting, texts.product);
    return () => {
      document.title = texts.product;
    };
  }, [waiting, texts]);
}
