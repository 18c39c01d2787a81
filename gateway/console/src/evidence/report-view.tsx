/** What a person has said about damage that no camera has seen: it stands where the picture would. */

import type { CitizenReport } from '@roadwatch/contract/api';
import { useLanguage, useTexts } from '../shared/texts/language.ts';

export function ReportView({ report }: { readonly report: CitizenReport }) {
  const { report: texts, facts } = useTexts();
  const language = useLanguage();
  return (
    <div class="picture reported">
      <h3>{texts.said}</h3>
      <blockquote>{report.description ?? texts.nothing}</blockquote>
      <dl>
        {report.address === null ? null : (
          <>
            <dt>{facts.place}</dt>
            <dd>{report.address}</dd>
          </>
        )}
        {report.answers.map(({ code, text, answer }) => (
          <>
            <dt key={`${code}?`}>{text[language]}</dt>
            <dd key={code}>{answer[language]}</dd>
          </>
        ))}
        {report.mediaUrls.length === 0 ? null : (
          <>
            <dt>{texts.media}</dt>
            {report.mediaUrls.map((url) => (
              <dd key={url}>
                <a href={url} target="_blank" rel="noopener noreferrer">
                  {url}
                </a>
              </dd>
            ))}
          </>
        )}
      </dl>
    </div>
  );
}
