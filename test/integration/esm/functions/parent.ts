import { join } from 'node:path';
import { childProcessFunction } from '../../../../lib/local/index.ts';

// A process that runs two functions and is killed by the test: one frozen after its answer, one that loops without end.
const port = Number(process.argv[2]);
const entry = join(import.meta.dirname, 'probe.ts');
const frozen = childProcessFunction({ entry, freeze: true, timeoutSeconds: 60 });
const looping = childProcessFunction({ entry, timeoutSeconds: 60 });
await frozen.invoke(JSON.stringify({ do: 'connect', port }));
process.stdout.write('frozen\n');
await looping.invoke(JSON.stringify({ do: 'connectAndSpin', port }));
