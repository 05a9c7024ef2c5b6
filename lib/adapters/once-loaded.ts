/**
 * Loads what only some users need, when it is needed first, and again after a failure.
 *
 * The `import()` of a package that may be absent has to stand in a `try` of the loader: only there do bundlers (esbuild,
 * webpack) leave such a package alone, instead of refusing to bundle a function that never uses it.
 */
export function onceLoaded<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return async () => {
    loading ??= load();
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
}
