/** The models of the box at its start: what it has decided about them, and the one that it begins with. */
import { join } from 'node:path';
import { thrown } from '@roadwatch/common';
import { shippedModel } from '@roadwatch/models';
import type { Logger } from 'pino';
import type { ResolvedConfig } from '../config/config.ts';
import type { Model } from '../detect/model.ts';
import { InstalledModels } from './installed.ts';
import { withStartingModel } from './starting-model.ts';
import { UpdateStateFile } from './state.ts';

/** `begin`: starts what runs the model; it is called with another one when that cannot be done. */
export async function startModels<T>(
  { dataDir, model: configured }: Pick<ResolvedConfig, 'dataDir' | 'model'>,
  log: Logger,
  begin: (model: Model) => Promise<T>,
) {
  const dir = join(dataDir, 'updates');
  const state = new UpdateStateFile(dir);
  const installed = new InstalledModels(dir);
  if (state.damaged)
    log.error({ folder: dir }, 'what was decided about models is lost, beginning with the configured one');
  try {
    if (state.basedOn(isShipped(configured) ? '' : configured))
      log.warn(
        { model: configured },
        'the configuration names another model, which goes before what was handed out',
      );
  } catch (error) {
    log.error(thrown(error), 'decisions about models cannot be kept');
  }
  const { model, begun } = await withStartingModel({ state, installed, configured, log }, begin);
  return { ...begun, model, dir, state, installed, configured };
}

/** A package that comes with a newer model does not take the place of one that was handed out. */
function isShipped(folder: string): boolean {
  try {
    return folder === shippedModel();
  } catch {
    return false;
  }
}
