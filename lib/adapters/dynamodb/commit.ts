import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Commit, CommitResult } from '../../ports/commit-store.ts';
import { StoreError } from '../../ports/store-error.ts';
import { commitFailure } from './classify-commit.ts';
import { effectAction, markAction, positionAction } from './commit-actions.ts';
import { abortable } from './connection.ts';
import type { TableRequest } from './table-request.ts';
import { transactionWords } from './transaction-words.ts';
import { builtOrFailed } from './write-markers.ts';

/** The most actions that TransactWriteItems takes. */
const mostWrites = 100;

/** Carries out all writes of a commit by one request, or none; it never rejects. */
export async function commitWrites(
  { table, client, call, attempt: { tableName, operation } }: TableRequest,
  { token, marks, positions, effects }: Commit,
): Promise<CommitResult> {
  const writes = marks.length + positions.length + effects.length;
  if (writes === 0 || writes > mostWrites) {
    const message = `DynamoDB table "${tableName}": ${operation} refused: ${writes} writes; a transaction has 1 to ${mostWrites}.`;
    return { kind: 'refused', error: new StoreError('unstorable', message) };
  }
  const built = marks.map((mark) => builtOrFailed(() => markAction(table, mark)));
  if (built.some(({ kind }) => kind === 'failed')) {
    const others = Array.from({ length: writes - marks.length }, () => 'none' as const);
    return {
      kind: 'cancelled',
      reasons: [...built.map(({ kind }) => (kind === 'failed' ? 'invalid' : 'none')), ...others],
    };
  }
  const command = new TransactWriteItemsCommand({
    ClientRequestToken: token,
    TransactItems: [
      ...built.flatMap((one) => (one.kind === 'built' ? [one.value] : [])),
      ...positions.map((position) => positionAction(table, position)),
      ...effects.map(effectAction),
    ],
  });
  try {
    await abortable(call.signal, () => client().send(command, { abortSignal: call.signal }));
    return { kind: 'committed' };
  } catch (error) {
    const transaction = transactionWords(effects.map(({ table }) => table));
    return commitFailure(error, writes, { tableName, operation, transaction });
  }
}
