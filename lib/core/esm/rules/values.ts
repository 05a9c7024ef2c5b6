export function isWhole(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

/** A value in a message, bounded. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'number' || typeof value === 'string' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
