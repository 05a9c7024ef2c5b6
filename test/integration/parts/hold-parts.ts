// A process that starts the parts its arguments name, says in one line of JSON what it started, and waits to be killed
// or told to end.
import { type PartName, startParts } from '../../../lib/local/parts/index.ts';

const names = (['kafka', 'dynamodb', 'sqs', 's3'] satisfies PartName[]).filter((name) => process.argv.includes(name));
const parts = await startParts(Object.fromEntries(names.map((name) => [name, true])));
const processIds = names.map((name) => parts.part(name).processId);
process.stdout.write(`${JSON.stringify({ dataFolder: parts.dataFolder, processIds })}\n`);
process.stdin.once('data', (order) => {
  if (order.toString().trim() === 'stop') void parts.stop().then(() => process.exit(0));
  else process.exit(0);
});
