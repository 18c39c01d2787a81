/** The API, for every page. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Api } from './api.ts';

export const ApiContext = createContext(new Api());

export function useApi(): Api {
  return useContext(ApiContext);
}
