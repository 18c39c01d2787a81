/** The thread of `parse.ts`: one text, one value, and it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Form, parseHere } from './parse-here.ts';

const { text, form } = workerData as { readonly text: string; readonly form: Form };
parentPort?.postMessage(parseHere(text, form));
