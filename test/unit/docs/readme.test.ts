import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codeBlocks, documentText } from './markdown.ts';

const root = new URL('../../../', import.meta.url);
const variablesOf = (code: string): readonly string[] =>
  [...code.matchAll(/process\.env\.(\w+)|requiredVariable\('(\w+)'\)/g)].map(
    ([, name, required]) => name ?? required ?? '',
  );
/** The variables that an example's `environment` gives to its function. */
const givenIn = (code = ''): readonly string[] =>
  [...(/^ {2}environment: (\{.*\}),$/m.exec(code)?.[1] ?? '').matchAll(/[{,] *(\w+):/g)].map(([, name]) => name ?? '');
const constructIn = (document: string) =>
  codeBlocks(documentText(document), 'ts').find((code) => code.includes('new KafkaConsumer('));

it("README.md's handler reads what README.md's construct gives it", () => {
  const [handler = ''] = codeBlocks(documentText('README.md'), 'ts');
  expect(variablesOf(handler)).toEqual(['PAYMENT_GATEWAY_URL']);
  expect(givenIn(constructIn('README.md'))).toEqual(variablesOf(handler));
});

it('the handler that README.md and docs/localstack.md deploy reads what they give it', () => {
  const read = variablesOf(readFileSync(new URL('handlers/charge-orders.ts', root), 'utf8'));
  for (const document of ['README.md', 'docs/localstack.md']) {
    expect(constructIn(document)).toContain("entry: 'handlers/charge-orders.ts'");
    expect(givenIn(constructIn(document))).toEqual(read);
  }
});
