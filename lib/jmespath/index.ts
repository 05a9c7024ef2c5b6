export type { RecordExpression, SelectingExpression } from '../core/idempotency-key/record-expression.ts';
export { jmespath } from './jmespath.ts';
