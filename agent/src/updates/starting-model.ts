/**
 * Which model the agent begins with: the one that it is trying, the one that it trusts, the one before, and when none of them can be
 * used the one that its configuration names. Whatever a power cut has left, one of them runs.
 */
import { thrown } from '@roadwatch/common';
import type { Logger } from 'pino';
import { loadModel, type Model, ModelError } from '../detect/model.ts';
import type { InstalledModels } from './installed.ts';
import { endJob } from './jobs.ts';
import type { UpdateStateFile } from './state.ts';

/** With a model that is being tried; power may fail now and then, too. */
const MAX_STARTS = 3;

interface StartingParts {
  readonly state: UpdateStateFile;
  readonly installed: InstalledModels;
  /** The folder of the configured model. */
  readonly configured: string;
  readonly log: Logger;
}

/**
 * `begin` is given one model after the other until it can use one. Throws what it throws of the configured model, and of anything
 * that is no ModelError.
 */
export async function withStartingModel<T>(
  parts: StartingParts,
  begin: (model: Model) => Promise<T>,
): Promise<{ readonly model: Model; readonly begun: T }> {
  const { state, installed, configured, log } = parts;
  const tried = beginTrial(parts);
  for (const folder of foldersOf(state, tried)) {
    const { trial } = state.now;
    try {
      const model = await loadModel(installed.pathOf(folder));
      return { model, begun: await begin(model) };
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      log.error(
        { model: folder, reason: error.message },
        'model cannot be used, going back to the one before',
      );
      if (trial?.folder === folder)
        state.write({
          trial: null,
          jobs: endJob(state.now.jobs, trial.rollout, 'rolled_back', 'model_unusable', error.message),
        });
    }
  }
  const model = await loadModel(configured);
  return { model, begun: await begin(model) };
}

/** The model that the agent goes back to from one that it is trying. */
export async function modelBefore({ state, installed, configured, log }: StartingParts): Promise<Model> {
  for (const folder of foldersOf(state, null)) {
    try {
      return await loadModel(installed.pathOf(folder));
    } catch (error) {
      log.error({ model: folder, ...thrown(error) }, 'model cannot be used');
    }
  }
  return loadModel(configured);
}

function foldersOf({ now }: UpdateStateFile, tried: string | null): string[] {
  return [tried, now.confirmed, now.previous].filter((folder) => folder !== null);
}

/** Counts the start, and ends the trial at the fourth. Returns the folder of the model that is being tried. */
function beginTrial({ state, log }: StartingParts): string | null {
  const { trial, jobs } = state.now;
  if (trial === null) return null;
  if (trial.starts < MAX_STARTS) {
    try {
      state.write({ trial: { ...trial, starts: trial.starts + 1 } });
      return trial.folder;
    } catch (error) {
      // A model whose starts cannot be counted could end the agent again and again.
      log.error({ model: trial.folder, ...thrown(error) }, 'model not tried: its start cannot be noted');
      return null;
    }
  }
  const detail = `the agent was started ${trial.starts + 1} times before the trial was over`;
  log.error({ model: trial.folder, reason: detail }, 'model rolled back');
  state.write({ trial: null, jobs: endJob(jobs, trial.rollout, 'rolled_back', 'restarted_often', detail) });
  return null;
}
