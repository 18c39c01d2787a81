/** A release as the store has one that was uploaded: one file of a model. */
import { newId, sha256 } from '@roadwatch/contract';
import { folderEvidenceStore } from '../src/evidence/store.ts';
import type { TestGateway } from './gateway.ts';

/** Hands out the file, and returns its SHA-256. */
export async function handOut(gateway: TestGateway, file: Buffer): Promise<string> {
  const name = sha256(file);
  const id = newId();
  const store = await gateway.store();
  await folderEvidenceStore(gateway.config.evidence.dir).put(name, file);
  await store.transaction(async (tx) => {
    const of = { kind: 'model', name: 'm', version: '1', text: '{}', bytes: file.length } as const;
    const upload = { uploaded_at: tx.at, uploaded_by: 'test', withdrawn_at: null };
    await tx.db
      .insertInto('releases')
      .values({ id, ...of, ...upload, signature: null, card: null })
      .execute();
    await tx.db
      .insertInto('release_files')
      .values({ release_id: id, name: 'f', sha256: name, bytes: file.length })
      .execute();
  });
  return name;
}
