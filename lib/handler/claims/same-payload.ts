/** Whether the fingerprint of what took effect proves that it was the same payload; one that is absent proves it too. */
export function isSamePayload(fingerprint: string | undefined, marked: string | undefined): boolean {
  return fingerprint === undefined || marked === undefined || fingerprint === marked;
}
