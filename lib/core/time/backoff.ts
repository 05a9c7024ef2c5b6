const baseMs = 50;
const capMs = 2_000;

/** Exponential back-off with full jitter, 50 ms to 2 s; `fraction` is chance from 0 to 1. */
export function backoffMs(failures: number, fraction: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures, 16));
  return Math.ceil(ceiling * (0.5 + fraction / 2));
}
