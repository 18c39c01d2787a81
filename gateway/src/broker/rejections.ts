/** What the broker inside the gateway does not let in, or ends: labels of its metric, each the end of its code. */
import { BROKER_REFUSALS, type BrokerCode } from '@roadwatch/contract/codes';

type EndOf<Code> = Code extends `broker_${infer What}` ? What : never;
export type Rejection = EndOf<BrokerCode>;
export const REJECTIONS = Object.keys(BROKER_REFUSALS).map((code) =>
  code.slice('broker_'.length),
) as Rejection[];
