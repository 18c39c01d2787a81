/** What can be reported, as GeoReport v2 services: the damage classes, each with the same questions. */
import { DAMAGE_CLASSES } from '@roadwatch/contract';
import { QUESTIONS } from '../alerts/report-questions.ts';
import type { Language } from '../language.ts';

export function services(language: Language) {
  return DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => ({
    service_code: entry.name,
    service_name: entry[language],
    description: `${entry.en} (${entry.zh})`,
    metadata: true,
    type: 'realtime',
    keywords: `road,${entry.code}`,
    group: language === 'zh' ? '道路病害' : 'Road damage',
  }));
}

/** "GET Service Definition": what somebody who reports damage is asked; the same of every class. */
export function serviceDefinition(code: string, language: Language) {
  return {
    service_code: code,
    attributes: QUESTIONS.map(({ code: question, text, answers }, index) => ({
      variable: true,
      code: question,
      datatype: 'singlevaluelist',
      required: false,
      datatype_description: '',
      order: index + 1,
      description: text[language],
      values: Object.entries(answers).map(([key, name]) => ({ key, name: name[language] })),
    })),
  };
}
