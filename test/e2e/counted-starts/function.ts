/** The function of the test: it ends its own process at some records, as a crash or a lack of memory would. */
import type { KafkaLambdaHandler } from '../../../lib/index.ts';
import { kafkaHandler } from '../../../lib/modes/index.ts';

const table = process.env.EFFECTS_TABLE ?? '';

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export const handler: KafkaLambdaHandler = kafkaHandler({
  mode: 'transaction',
  businessId: 'value.id',
  countStarts: true,
  maxAttempts: 2,
  handle({ value }, { effects }) {
    if (member(value, 'isDeadly') === true) process.kill(process.pid, 'SIGKILL');
    effects.update({ table, key: { id: String(member(value, 'id')) }, update: { add: { count: 1 } } });
  },
});
