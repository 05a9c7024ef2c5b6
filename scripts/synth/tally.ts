import type { Finding } from './named-template.ts';

/** A check and what it found; a finding of `all` says that it could not be made. */
export interface Check {
  readonly name: string;
  /** What it was made of: templates, or configurations of the app. */
  readonly of: readonly string[];
  readonly findings: readonly Finding[];
}

/** What is printed of the checks, and the exit code: 1 if one of them found anything. */
export interface Tally {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/** Counts what passed and failed, one for each template and check; the last line is `N passed, N failed`. */
export function tally(checks: readonly Check[]): Tally {
  let passed = 0;
  let failed = 0;
  const lines = checks.flatMap(({ name, of, findings }) => {
    const faulty = new Set(findings.map(({ template }) => template));
    failed += faulty.size;
    if (!faulty.has('all')) passed += of.filter((template) => !faulty.has(template)).length;
    return [
      ...findings.map(({ template, message }) => `${name} ${template}: ${message}`),
      `${faulty.size === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(9)} ${of.length} checked`,
    ];
  });
  return { lines: [...lines, `${passed} passed, ${failed} failed`], exitCode: failed === 0 ? 0 : 1 };
}
