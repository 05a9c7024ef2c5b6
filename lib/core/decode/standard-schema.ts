/** One thing that a schema found wrong. Its message may quote the value, so it is never repeated. */
export interface StandardSchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema made of a value. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardSchemaIssue[] };

/**
 * A schema of zod, valibot, arktype or any other library that follows Standard Schema v1.
 *
 * The part of https://standardschema.dev that is used here, so that no library of schemas is needed for the types.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardSchemaResult<Output> | Promise<StandardSchemaResult<Output>>;
  };
}

/** Whether a value says that it follows Standard Schema v1. arktype's schemas are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema<unknown> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  if (!('~standard' in value)) return false;
  const standard = value['~standard'];
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'version' in standard &&
    standard.version === 1 &&
    'validate' in standard &&
    typeof standard.validate === 'function'
  );
}

const plainName = /^[A-Za-z_$][\w$-]{0,63}$/;

function segmentName(segment: PropertyKey | { readonly key: PropertyKey }): string {
  const key = typeof segment === 'object' ? segment.key : segment;
  if (typeof key === 'number') return `[${key}]`;
  // A member of a dictionary is named by data (an e-mail address, say), which must not get into an error.
  return typeof key === 'string' && plainName.test(key) ? `.${key}` : '.?';
}

/** Where a schema found something wrong, for an error: at most five paths of at most ten steps, no values. */
export function issuePaths(issues: readonly StandardSchemaIssue[]): string {
  const paths = issues.slice(0, 5).map(({ path }) => {
    const steps = (path ?? []).slice(0, 10).map(segmentName).join('').replace(/^\./, '');
    return steps === '' ? 'the whole' : steps;
  });
  const others = issues.length - paths.length;
  return [...new Set(paths), ...(others > 0 ? [`${others} more`] : [])].join(', ');
}
