/** Questions to whoever sits at the box. What is secret is not shown while it is typed. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const MAX_ANSWER = 4_096;

/** Whether there is somebody to ask. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export async function ask(question: string, signal: AbortSignal): Promise<string> {
  return read(question, false, signal);
}

export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  return read(question, true, signal);
}

async function read(question: string, isSecret: boolean, signal: AbortSignal): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: isSecret ? nowhere : process.stderr,
    terminal: true,
    historySize: 0,
  });
  // Ctrl-C ends the program as anywhere else, with the terminal as it was.
  lines.once('SIGINT', () => {
    lines.close();
    process.stderr.write('\n');
    process.exit(130);
  });
  try {
    const answer = await lines.question('', { signal });
    if (isSecret) process.stderr.write('\n');
    return answer.slice(0, MAX_ANSWER);
  } finally {
    lines.close();
  }
}
