/**
 * What DynamoDB means when it refuses a transaction for its form, by how it words it, without a value of the record.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
const reasons: readonly (readonly [words: RegExp, why: string])[] = [
  [/multiple operations on one item/i, 'two effects are on one item'],
  [/reserved keyword/i, 'an expression names an attribute by a reserved word: give it a #name'],
  [/syntax error/i, 'an expression has a syntax error'],
  [
    /missing the key|required keys was not given|does not match the schema|number of conditions on the keys/i,
    "an item or a key does not have the table's key attributes",
  ],
  [/type mismatch for key/i, "a key attribute has another type than the table's"],
  [/empty (string|binary) value|contains? an empty/i, 'a key attribute is empty'],
  [/item size|exceeded the maximum allowed size/i, 'an item, or all of them, is too large'],
  [/table ?name/i, 'a table has a name that no table can have'],
  [
    /provided expression refers to an attribute that does not exist|operand type|incorrect data type/i,
    'an update does not fit the stored item: an attribute is missing or has another type',
  ],
  [/document path .*invalid|invalid for update/i, 'an update does not fit the stored item: a path leads nowhere'],
  [/overlap|conflict with each other/i, 'an update changes one attribute twice'],
  [/cannot update attribute|part of the key/i, 'an update changes a key attribute'],
];

/** Undefined where its words are not known. */
export function whyRefused(message: string): string | undefined {
  return reasons.find(([words]) => words.test(message))?.[1];
}
