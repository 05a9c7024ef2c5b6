import { ConfigurationError } from '../../core/errors/errors.ts';

/** The attributes of a marker whose names can be chosen, with the defaults of Powertools. */
export interface AttributeNames {
  /** Partition key, a string; `id`. */
  readonly key: string;
  /** `status`. */
  readonly status: string;
  /** Epoch seconds, the table's TTL attribute; `expiration`. */
  readonly expiration: string;
  /** Epoch milliseconds; `in_progress_expiration`. */
  readonly inProgressExpiration: string;
  /** The stored result; `data`. */
  readonly data: string;
  /** The fingerprint; `validation`. */
  readonly validation: string;
}

/** The attributes that Powertools does not know; their names are fixed. */
export const ownAttributes = {
  owner: 'owner',
  fence: 'fence',
  attempts: 'attempts',
  alone: 'alone',
  source: 'source',
} as const;

/** The attributes of a position; their names are fixed. */
export const positionAttributes = {
  nextOffset: 'next_offset',
  highestTimestamp: 'highest_timestamp',
  generation: 'generation',
} as const;

/** A table and how markers are laid out in it. */
export interface Table {
  readonly name: string;
  readonly attributes: AttributeNames;
}

const defaultNames: AttributeNames = {
  key: 'id',
  status: 'status',
  expiration: 'expiration',
  inProgressExpiration: 'in_progress_expiration',
  data: 'data',
  validation: 'validation',
};

/** A table's name, no ARN: answers are keyed by the name. Nothing in it can end a quoted PartiQL name. */
const tableName = /^[\w.-]{3,255}$/;
const attributeName = /^[\w.-]{1,255}$/;

/**
 * Checks the names before they become part of a statement.
 *
 * Throws a `ConfigurationError` for a name that DynamoDB would not take, and for one that two attributes share.
 */
export function tableOf(name: string, chosen: Partial<AttributeNames> = {}): Table {
  if (typeof name !== 'string' || !tableName.test(name)) {
    throw new ConfigurationError('tableName', `${JSON.stringify(name)} is no name of a DynamoDB table`);
  }
  const attributes: AttributeNames = { ...defaultNames, ...chosen };
  for (const [property, attribute] of Object.entries(attributes)) {
    if (!(property in defaultNames)) {
      const known = Object.keys(defaultNames).join(', ');
      throw new ConfigurationError(`attributeNames.${property}`, `no such attribute; known: ${known}`);
    }
    if (typeof attribute !== 'string' || !attributeName.test(attribute)) {
      const name = JSON.stringify(attribute);
      throw new ConfigurationError(
        `attributeNames.${property}`,
        `${name} is not made of letters, digits, "_", "." and "-"`,
      );
    }
  }
  const all = [attributes, ownAttributes, positionAttributes].flatMap((names): string[] => Object.values(names));
  const repeated = all.find((attribute, index) => all.indexOf(attribute) !== index);
  if (repeated !== undefined) {
    throw new ConfigurationError('attributeNames', `"${repeated}" is the name of two attributes`);
  }
  return { name, attributes };
}
