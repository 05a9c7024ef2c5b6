/** Whether a completed marker's fingerprint proves that the same payload took effect; one that is absent proves it too. */
export function isSamePayload(fingerprint: string | undefined, marked: string | undefined): boolean {
  return fingerprint === undefined || marked === undefined || fingerprint === marked;
}
