/** Messages that could not be accepted: kept aside by the gateway, so that nothing invalid vanishes unseen. */
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';

export function RefusedMessages({ now }: { readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { value } = useLoaded(() => api.field.refusedMessages(), ['refused-message'], 'refused');
  if (value === null) return null;
  const { refused } = texts;
  return (
    <>
      <h2>{refused.title}</h2>
      {value.length === 0 ? (
        <p class="hint">{refused.none}</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{refused.topic}</th>
                <th>{refused.reason}</th>
                <th>{refused.count}</th>
                <th>{refused.last}</th>
              </tr>
            </thead>
            <tbody>
              {value.map((message) => (
                <tr key={message.sha256}>
                  <td class="topic">{message.topic}</td>
                  <td lang="en">{message.reason}</td>
                  <td class="figures">{message.count}</td>
                  <td class="figures">{texts.ago(age(message.lastAt, now, language))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
