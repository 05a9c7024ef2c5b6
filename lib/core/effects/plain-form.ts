import { fromDocument } from './from-document.ts';
import type { Form } from './read-effect.ts';

/** The form of `effects.put`, `update`, `delete` and `check`. */
export const plainForm: Form = {
  prefix: '',
  table: 'table',
  item: 'item',
  key: 'key',
  update: 'update',
  condition: 'condition',
  names: 'names',
  values: 'values',
  other: 'onConditionFailed',
  convert: fromDocument,
};
