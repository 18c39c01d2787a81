/** What somebody who reports damage is asked beside what and where it is, with the answers to choose from. */
import type { BilingualText } from '@roadwatch/contract';

export interface Question {
  readonly code: string;
  readonly text: BilingualText;
  readonly answers: Readonly<Record<string, BilingualText>>;
}

/** Of every class, in the order in which they are asked. None must be answered. */
export const QUESTIONS: readonly Question[] = [
  {
    code: 'hazard',
    text: { en: 'Does it endanger traffic?', zh: '是否危及通行安全？' },
    answers: { yes: { en: 'Yes', zh: '是' }, no: { en: 'No', zh: '否' } },
  },
  {
    code: 'size',
    text: { en: 'How large is it?', zh: '病害有多大？' },
    answers: {
      hand: { en: 'Like a hand (20 cm)', zh: '巴掌大（约 20 厘米）' },
      plate: { en: 'Up to half a metre', zh: '半米以内' },
      larger: { en: 'Larger', zh: '更大' },
    },
  },
  {
    code: 'lane',
    text: { en: 'Where on the road?', zh: '位于道路何处？' },
    answers: {
      carriageway: { en: 'On the carriageway', zh: '机动车道' },
      cycleway: { en: 'On the cycle lane', zh: '非机动车道' },
      pavement: { en: 'On the pavement', zh: '人行道' },
    },
  },
];

/** By its answers: whoever has seen it says that it endangers traffic. */
export function saysDangerous(attributes: Readonly<Record<string, string>>): boolean {
  return attributes.hazard === 'yes';
}

/** The answers of a stored report, in words; `attributes`: JSON by code. */
export function answersOf(
  attributes: string,
): readonly { readonly code: string; readonly text: BilingualText; readonly answer: BilingualText }[] {
  const given = JSON.parse(attributes) as Readonly<Record<string, string>>;
  return QUESTIONS.flatMap(({ code, text, answers }) => {
    const answer = answers[given[code] ?? ''];
    return answer === undefined ? [] : [{ code, text, answer }];
  });
}
