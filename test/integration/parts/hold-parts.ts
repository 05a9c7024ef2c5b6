// A process that starts parts, says where they are in one line of JSON, and waits to be killed or told to end.
import { type Part, startParts } from '../../../lib/local/parts/index.ts';

const parts = await startParts({ kafka: true, dynamodb: true, sqs: true, s3: true });
const all = (['kafka', 'dynamodb', 'sqs', 's3'] as const).map((name): Part => parts.part(name));
process.stdout.write(
  `${JSON.stringify({
    dataFolder: parts.dataFolder,
    processIds: all.map(({ processId }) => processId),
    endpoints: all.map(({ endpoint }) => endpoint),
  })}\n`,
);
process.stdin.once('data', (order) => {
  if (order.toString().trim() === 'stop') void parts.stop().then(() => process.exit(0));
  else process.exit(0);
});
