/** What a camera is called, of which an address has the id alone. */
import { useApi } from '../api/use-api.ts';
import { useLoaded } from '../api/use-loaded.ts';
import { useLanguage } from '../texts/language.ts';

const LOADING = '…';

/** `key`: SITE/AGENT/CAMERA; what is none, or of which nothing was ever heard, is called as it stands there. */
export function useCameraName(key: string): string {
  const language = useLanguage();
  const api = useApi();
  const { value, problem } = useLoaded(
    async () => {
      const [site = '', agent = '', camera = '', ...rest] = key.split('/');
      const isKey = ![site, agent, camera].includes('') && rest.length === 0;
      return { key, known: isKey ? await api.field.cameraIfKnown({ site, agent, camera }) : null };
    },
    [],
    `camera ${key}`,
  );
  if (value?.key === key) return value.known?.name[language] ?? key;
  return problem === null && key !== '' ? LOADING : key;
}
