const arn = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/(.+)$/;

/** The name of a table that is given by its name or its ARN. */
export function tableName(table: string): string {
  return arn.exec(table)?.[1] ?? table;
}
