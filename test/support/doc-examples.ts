import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const folder = new URL('.cache/doc-examples/', root);

const entries: Readonly<Record<string, string>> = {
  'kafka-once': '../../lib/index.ts',
  'kafka-once/infra': '../../infra/index.ts',
  'kafka-once/modes': '../../lib/modes/index.ts',
  'kafka-once/testing': '../../lib/testing/index.ts',
  'kafka-once/local': '../../lib/local/index.ts',
  'kafka-once/dead-letters': '../../lib/dead-letters/index.ts',
  'kafka-once/jmespath': '../../lib/jmespath/index.ts',
  'kafka-once/powertools': '../../lib/powertools/index.ts',
};

/** An example of the documentation as a file of its own, its imports of this package turned to the source. */
export interface DocExample {
  /** `README.md#1` */
  readonly name: string;
  readonly file: string;
}

/** Writes each TypeScript block of these documents to a file that compiles and runs, into an ignored folder. */
export async function writeDocExamples(documents: readonly string[]): Promise<readonly DocExample[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const examples: DocExample[] = [];
  for (const document of documents) {
    const markdown = await readFile(new URL(document, root), 'utf8');
    const blocks = [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
    for (const [index, block] of blocks.entries()) {
      const url = new URL(`${document.replaceAll(/[^a-zA-Z]+/g, '-')}-${index + 1}.ts`, folder);
      await writeFile(
        url,
        block.replaceAll(/from '(kafka-once[^']*)'/g, (_, name) => `from '${entryOf(name)}'`),
      );
      examples.push({ name: `${document}#${index + 1}`, file: fileURLToPath(url) });
    }
  }
  const tsconfig = {
    extends: '../../tsconfig.json',
    compilerOptions: { isolatedDeclarations: false },
    include: ['*.ts'],
  };
  await writeFile(new URL('tsconfig.json', folder), JSON.stringify(tsconfig));
  return examples;
}

export const docExamplesProject: string = fileURLToPath(new URL('tsconfig.json', folder));

function entryOf(name: string): string {
  const entry = entries[name];
  if (entry === undefined) throw new Error(`an example imports ${name}, which is no entry of the package`);
  return entry;
}
