/** What has changed at the gateway, for every page that shows it. */
import { createContext } from 'preact';
import type { ChangeData, ChangeKind } from './event-stream.ts';

export type Listen = (
  listener: (kind: ChangeKind | 'all', id: string | null, data: ChangeData) => void,
) => () => void;
export const ChangesContext = createContext<Listen>(() => () => {});
