/** What a camera needs a maintainer for, in the words of the page and in those of its box; one that is newer in those of its box alone. */
import type { CameraFault } from '@roadwatch/contract';
import { useTexts } from './texts/language.ts';

export function CameraFaultMark({ fault: { code, detail } }: { readonly fault: CameraFault }) {
  const { cameraCares } = useTexts();
  const known = Object.hasOwn(cameraCares, code) ? cameraCares[code] : undefined;
  return (
    <>
      <span class="mark warn">{known ?? code}</span>
      <small lang="en">{detail}</small>
    </>
  );
}
