/** What has changed at the gateway, for every page that shows it. */
import { createContext } from 'preact';
import type { ChangeKind } from './event-stream.ts';

export type Listen = (listener: (kind: ChangeKind | 'all', id: string | null) => void) => () => void;
export const ChangesContext = createContext<Listen>(() => () => {});
