/** The makers whose cameras can be played, by the names that command line, lists, scenarios and the library have for them. */
import { Type } from 'typebox';
import { axis } from './axis.ts';
import { dahua } from './dahua.ts';
import { hikvision } from './hikvision.ts';
import type { Maker } from './maker.ts';
import { tplink } from './tplink.ts';
import { uniview } from './uniview.ts';

export const MAKER_NAMES = ['hikvision', 'dahua', 'uniview', 'axis', 'tplink'] as const;
export type MakerName = (typeof MAKER_NAMES)[number];

export const MAKERS: Readonly<Record<MakerName, Maker>> = { hikvision, dahua, uniview, axis, tplink };

/** In a file. */
export const As = Type.Union(
  [
    Type.Literal('hikvision'),
    Type.Literal('dahua'),
    Type.Literal('uniview'),
    Type.Literal('axis'),
    Type.Literal('tplink'),
  ],
  { description: 'the maker whose cameras it shows itself as: addresses, login, description, keyframes' },
);
