/** `roadwatch-agent pair`: makes the box's key, has it certified by the gateway that the code names, and keeps what it is told. */
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { keyIdOf, PairAnswer, readPairingCode, seal, unseal } from '@roadwatch/contract';
import { SaidError } from '../language.ts';
import { askGateway } from './ask-gateway.ts';
import { isCertificateFor } from './certificate.ts';
import { certificateRequest } from './certificate-request.ts';
import { keyForPairing, type PairingFile, savePairing } from './identity.ts';

export interface BoxToPair {
  readonly site: string;
  readonly agent: string;
  readonly dataDir: string;
  /** Of a private authority that vouches for the gateway's console. */
  readonly caFile?: string | undefined;
}

/**
 * Throws one sentence when the code is not for this box, or whoever answers is not the gateway that made it. When it was aborted, or the
 * answer was lost, the same code pairs this box yet.
 */
export async function pairBox(
  { site, agent, dataDir, caFile }: BoxToPair,
  text: string,
  signal?: AbortSignal,
): Promise<PairingFile> {
  const name = `${site}/${agent}`;
  const code = readPairingCode(text);
  if (code === null)
    throw new SaidError({
      en: 'that is not a pairing code; `gateway agents pair` makes one',
      zh: '这不是配对码；请在控制台“边缘节点”页生成',
    });
  if (code.site !== site || code.agent !== agent)
    throw new SaidError({
      en: `the code is for ${code.site}/${code.agent}; this box is ${name}`,
      zh: `该配对码属于 ${code.site}/${code.agent}，本设备为 ${name}`,
    });
  const key = keyForPairing(dataDir, newKey);
  const request = await certificateRequest(name, key);
  const asked = { site, agent, sealed: seal({ request }, code.secret, 'request') };
  const answered = await askGateway({ url: code.gateway, caFile }, '/api/agents/pair', asked, signal);
  const sealed = (answered as { sealed?: unknown } | null)?.sealed;
  const answer = typeof sealed === 'string' ? unseal(PairAnswer, sealed, code.secret, 'answer') : null;
  if (answer === null)
    throw new SaidError({
      en: `${code.gateway}: does not know the code's secret, or is no gateway`,
      zh: `${code.gateway}：不认识该配对码，或不是网关`,
    });
  const { certificate, ...told } = answer;
  const fingerprint = new X509Certificate(told.authority).fingerprint256.replaceAll(':', '').toLowerCase();
  if (fingerprint !== code.authority)
    throw new SaidError({
      en: `${code.gateway}: its authority is not the one that the code names`,
      zh: `${code.gateway}：证书颁发机构与配对码不符`,
    });
  if (!isCertificateFor(certificate, key, name, told.authority))
    throw new SaidError({
      en: `${code.gateway}: the certificate is not for this box's key`,
      zh: `${code.gateway}：证书不属于本设备密钥`,
    });
  const pairing = { site, agent, key: keyIdOf(createPublicKey(key)), gatewayUrl: code.gateway, ...told };
  savePairing(dataDir, pairing, key, certificate);
  return pairing;
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}
