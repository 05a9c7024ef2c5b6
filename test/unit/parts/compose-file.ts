import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly disable: boolean } | undefined;
}

interface ComposeServices {
  readonly kafka: Service;
  readonly localstack: Service;
}

const service: z.ZodType<Service> = z.strictObject({
  image: z.string(),
  ports: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  healthcheck: z.strictObject({ disable: z.boolean() }).optional(),
});
const composeFile: z.ZodType<{ readonly services: ComposeServices }> = z.strictObject({
  name: z.string(),
  services: z.strictObject({ kafka: service, localstack: service }),
});

export const LOCAL_FOLDER: string = join(import.meta.dirname, '../../../local');

/**
 * `local/compose.yaml` with its variables filled in as Compose does: `${NAME:-default}`, after parsing, in values only.
 *
 * @throws when the file has anything but image, ports, environment and health check, or a value of another type.
 */
export async function composeServices(variables: Readonly<Record<string, string>> = {}): Promise<ComposeServices> {
  const text = await readFile(join(LOCAL_FOLDER, 'compose.yaml'), 'utf8');
  const fill = (_key: unknown, value: unknown): unknown =>
    typeof value === 'string'
      ? value.replace(/\$\{(\w+):-(\w*)\}/g, (_whole, name: string, otherwise: string) => variables[name] || otherwise)
      : value;
  return composeFile.parse(parse(text, fill)).services;
}

/** The settings that Kafka's image makes of its variables: KAFKA_NODE_ID is node.id. KAFKA_HEAP_OPTS is for the JVM. */
export function kafkaSettings(environment: Readonly<Record<string, string>>): Record<string, string> {
  const { KAFKA_HEAP_OPTS: _, ...variables } = environment;
  const setting = (name: string): string => name.replace('KAFKA_', '').toLowerCase().replaceAll('_', '.');
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [setting(name), value]));
}

/** Reads `name=value` lines; comments and empty lines are left out. */
export async function readSettings(file: string): Promise<Record<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => /^[^#]/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
