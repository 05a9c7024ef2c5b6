/** The function of the end-to-end test: all of its configuration comes from the environment, as in a deployed one. */
import { appendFileSync } from 'node:fs';
import { type KafkaLambdaHandler, kafkaHandler, UnprocessableRecordError } from '../../../lib/index.ts';

const effects = process.env.EFFECTS ?? '';

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export const handler: KafkaLambdaHandler = kafkaHandler({
  businessId: 'value.id',
  handle({ partition, offset, value }, { attempts }) {
    if (member(value, 'isPoison') === true) throw new UnprocessableRecordError('poison');
    if (Number(member(value, 'failures') ?? 0) >= (attempts ?? 0)) throw new Error('not yet');
    appendFileSync(effects, `${JSON.stringify({ partition, offset, id: member(value, 'id') ?? null })}\n`);
  },
});
