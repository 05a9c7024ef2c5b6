import {
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
} from '@aws-sdk/client-dynamodb';
import type { Failed } from '../../ports/idempotency-store.ts';
import { classifyMember, malformedAnswer } from './classify-error.ts';
import { abortable } from './connection.ts';
import { inBatches } from './in-batches.ts';
import type { Item } from './marker-item.ts';
import type { TableRequest } from './table-request.ts';

/** `refused`: the condition did not hold; `item` is what was there, if the answer carried it. */
export type Written =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly item: Item | undefined }
  | Failed;

/** The most statements that BatchExecuteStatement takes. */
const mostStatements = 25;

/** Carries out one conditional write an item. No item may be named twice: DynamoDB would refuse the request whole. */
export function executeStatements(
  request: TableRequest,
  statements: readonly BatchStatementRequest[],
): Promise<readonly Written[]> {
  const { attempt, call, client, requestsInFlight } = request;
  return inBatches(statements, { batchSize: mostStatements, requestsInFlight, attempt }, async (batch) => {
    const command = new BatchExecuteStatementCommand({ Statements: [...batch] });
    const answer = await abortable(call.signal, () => client().send(command, { abortSignal: call.signal }));
    const responses = answer.Responses ?? [];
    if (responses.length !== batch.length) {
      const error = malformedAnswer(`${responses.length} responses to ${batch.length} statements`, attempt);
      return batch.map((): Written => ({ kind: 'failed', error }));
    }
    return responses.map((response) => toWritten(request, response));
  });
}

function toWritten({ attempt }: TableRequest, { Error: error }: BatchStatementResponse): Written {
  if (error === undefined) {
    return { kind: 'done' };
  }
  if (error.Code === 'DuplicateItem' || error.Code === 'ConditionalCheckFailed') {
    return { kind: 'refused', item: error.Item };
  }
  return { kind: 'failed', error: classifyMember(error, attempt) };
}
