/** Cleaning up must not hide what went wrong before. */
export async function attempt(cleaning: Promise<unknown>): Promise<void> {
  try {
    await cleaning;
  } catch {
    // The server may be the thing that failed; what it holds goes with it.
  }
}
