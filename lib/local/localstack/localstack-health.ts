import { setTimeout as pause } from 'node:timers/promises';
import { isObject } from '../../core/event/is-object.ts';
import { PartsError } from '../parts/parts-error.ts';

const HEALTH_PAUSE_MS = 200;
const ANSWER_TIMEOUT_MS = 5_000;

/** Whether a LocalStack answers there. */
export async function localStackAnswers(endpointUrl: string): Promise<boolean> {
  return (await ask(endpointUrl, '/_localstack/health')) !== undefined;
}

/** Whether the LocalStack there runs in a container, by its own word; one that does not say so runs in none. */
export async function localStackIsInDocker(endpointUrl: string): Promise<boolean> {
  const information = await ask(endpointUrl, '/_localstack/info');
  return isObject(information) && information.is_docker === true;
}

/**
 * Asks until a LocalStack that is being started answers.
 *
 * @throws PartsError with the end of its log when it ended, or when `timeoutMs` have passed.
 */
export async function untilLocalStackAnswers(
  endpointUrl: string,
  server: { readonly timeoutMs: number; readonly hasEnded: () => boolean; readonly log: () => Promise<string> },
): Promise<void> {
  const deadline = performance.now() + server.timeoutMs;
  while (!(await localStackAnswers(endpointUrl))) {
    const hasEnded = server.hasEnded();
    if (hasEnded || performance.now() > deadline) {
      const what = hasEnded ? 'ended while it started' : `did not answer within ${server.timeoutMs} ms`;
      throw new PartsError(`LocalStack ${what}. The end of its log:\n${(await server.log()).slice(-3000)}`);
    }
    await pause(HEALTH_PAUSE_MS);
  }
}

async function ask(endpointUrl: string, path: string): Promise<unknown> {
  try {
    const response = await fetch(new URL(path, endpointUrl), { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) return undefined;
    const answer: unknown = JSON.parse(text);
    return answer;
  } catch {
    return undefined;
  }
}
