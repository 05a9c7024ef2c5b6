import { logTextOf } from '../../core/errors/log-text.ts';

const mostFrames = 4;
const mostCharacters = 1_000;
const plainCode = /^[A-Z][A-Z0-9_]{1,40}$/;

/**
 * Where and how something failed, without its message, which may hold record contents: what our own errors of effects say
 * to logs, else the error's code, if it is a plain one such as `ECONNREFUSED`, and the first frames of its stack; the same of its causes. Undefined if it tells nothing.
 */
export function errorDetail(error: unknown): string | undefined {
  try {
    const parts: string[] = [];
    let at = error;
    for (let depth = 0; depth < 3 && at instanceof Error; depth += 1) {
      const told = [logTextOf(at) ?? codeOf(at), ...framesOf(at)].filter((part) => part !== '').join(' < ');
      if (told !== '') parts.push(told);
      at = at.cause;
    }
    return parts.length === 0 ? undefined : parts.join(' caused by ').slice(0, mostCharacters);
  } catch {
    // An error that refuses to be looked at.
    return undefined;
  }
}

function codeOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && plainCode.test(code) ? code : '';
}

/** The stack begins with the message, which may have lines that look like frames; without it there is no telling. */
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string' || typeof message !== 'string') return [];
  const start = stack.indexOf(message);
  if (start < 0) return [];
  const lines = stack.slice(start + message.length).split('\n');
  const frames = lines.filter((line) => /^ {4}at [^\n]+:\d+:\d+\)?$/.test(line)).map((line) => line.trim());
  return frames.filter((frame) => !frame.includes('node:')).slice(0, mostFrames);
}
