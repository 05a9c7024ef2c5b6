import { readFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);

export const documentText = (name: string): string => readFileSync(new URL(name, root), 'utf8');

/** The text under a heading, up to the next one of the same or a higher level. */
export function section(markdown: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const [, rest] = markdown.split(`\n${heading}\n`);
  if (rest === undefined) throw new Error(`there is no heading '${heading}'`);
  return rest.split(new RegExp(`^#{1,${level}} `, 'm'))[0] ?? '';
}

/** The code blocks of a language. */
export const codeBlocks = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block ?? '');

/** The rows of the tables, a cell the text between two bars. */
export const tableRows = (markdown: string): readonly (readonly string[])[] =>
  [...markdown.matchAll(/^\|(.*)\|$/gm)].map(([, row]) => (row ?? '').split('|').map((cell) => cell.trim()));

/** What stands in backticks. */
export const codeOf = (text = ''): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

/** The commands of the shell blocks, continued lines joined, without comments. */
export const commands = (markdown: string): readonly string[] =>
  codeBlocks(markdown, 'sh')
    .flatMap((block) => block.replaceAll(/\s*\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');

/** The options of a command, each with its words; quotation marks around a word are gone. */
export function optionsOf(command: string): Readonly<Record<string, readonly string[]>> {
  const words = [...command.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word.replace(/^(['"])(.*)\1$/, '$2'));
  const options: Record<string, string[]> = {};
  let values: string[] = [];
  for (const word of words) {
    if (word.startsWith('--')) {
      values = [];
      options[word] = values;
    } else values.push(word);
  }
  return options;
}
