import { refuse } from './refuse.ts';

const arn = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/(.+)$/;

/** The name of a table that is given by its name or its ARN. */
export function tableName(table: string): string {
  return arn.exec(table)?.[1] ?? table;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const name = /^[\w.-]{3,255}$/;

/** Whether it is a name, or an ARN, that a table can have. */
export function isTableName(given: string): boolean {
  return name.test(tableName(given));
}

/** The name or ARN of a table, as it is given. */
export function readTable(given: unknown): string {
  return typeof given === 'string' && isTableName(given) ? given : refuse('table', 'is no name of a table');
}
