/** A reporter that writes which test files failed, or let an error go unhandled, into the file that ROADWATCH_FAILED_FILES names: a line each. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';

export default class FailedFiles implements Reporter {
  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules, unhandled) => {
    const { ROADWATCH_FAILED_FILES: list } = process.env;
    if (list === undefined) throw new Error('ROADWATCH_FAILED_FILES names no file');
    const failed = modules.filter((module) => module.state() === 'failed').map(({ moduleId }) => moduleId);
    // The file that ran meanwhile, as Vitest knows it; an error of no file is of the whole run, and stands for none.
    const during = unhandled.map(({ VITEST_TEST_PATH: path }) => String(path ?? ''));
    const files = [...new Set([...failed, ...during])].map((path) => relative('.', path));
    writeFileSync(list, files.includes('') ? '' : files.map((file) => `${file}\n`).join(''));
  };
}
