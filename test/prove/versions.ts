import { readFileSync } from 'node:fs';

/** The versions that a run is about. */
export function versions(): Readonly<Record<string, string>> {
  return {
    Node: process.versions.node,
    'kafka-once': versionIn('../../package.json'),
    '@aws-lambda-powertools/idempotency': versionIn(
      '../../node_modules/@aws-lambda-powertools/idempotency/package.json',
    ),
    '@aws-sdk/client-dynamodb': versionIn('../../node_modules/@aws-sdk/client-dynamodb/package.json'),
  };
}

function versionIn(path: string): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return version;
}
