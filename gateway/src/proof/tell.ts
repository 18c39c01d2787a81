/** A proof in words. */
import type { Proof } from './verify.ts';

/** Signed, and nothing of it altered. */
export function isProven({ signedBy, problems }: Proof): boolean {
  return signedBy !== null && problems.length === 0;
}

export function proofLines(proof: Proof): string[] {
  const { detection, camera, signedBy, keyId, proven, missing, problems } = proof;
  return [
    `detection ${detection} of ${camera}: ${isProven(proof) ? 'PROVEN' : 'NOT PROVEN'}`,
    signedBy === null ? '  not signed by its box' : `  signed by ${signedBy} with key ${keyId}`,
    ...proven.map((name) => `  ${name}: as it was signed`),
    ...missing.map((name) => `  ${name}: not here, not yet or no longer`),
    ...problems.map((problem) => `  ALTERED  ${problem}`),
  ];
}
