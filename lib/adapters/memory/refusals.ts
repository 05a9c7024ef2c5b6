/** An effect that DynamoDB would not carry out whatever the stored items are: it refuses the request. */
export class InvalidEffectError extends Error {
  override readonly name = 'InvalidEffectError';
}

/** An update that cannot be done to the item as it is stored. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError';
}
