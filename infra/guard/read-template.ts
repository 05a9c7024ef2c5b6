import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../lib/core/errors/errors.ts';
import { isObject } from '../../lib/core/event/is-object.ts';

/** Files with deployed templates are made by this. */
const example = 'aws cloudformation get-template --stack-name';

/**
 * Reads the template of a stack from a file, as `aws cloudformation get-template` answers it, with `--query TemplateBody` or
 * without.
 *
 * @throws ConfigurationError naming the context value, the file and how it is made.
 */
export function readTemplate(contextName: string, file: string, stackName: string): unknown {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const template = isObject(parsed) && 'TemplateBody' in parsed ? parsed.TemplateBody : parsed;
    if (isObject(template) && isObject(template.Resources)) return template;
    throw new TypeError('it has no Resources');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      contextName,
      `is '${file}', which cannot be read as a template in JSON (${why}); write it by ${example} ${stackName} --query TemplateBody > ${file}`,
      { cause },
    );
  }
}
