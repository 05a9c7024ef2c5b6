import { missed } from './missed.ts';
import { hitTable, type Proven, resultTable } from './table.ts';
import { total } from './tally.ts';
import { versions } from './versions.ts';

export interface RunFacts {
  readonly seed: number;
  readonly command: string;
}

/** The text of `docs/evidence.md`. */
export function evidence(results: readonly Proven[], { seed, command }: RunFacts): string {
  const schedules = results.reduce((sum, { tally }) => sum + total(tally).schedules, 0);
  const versionList = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  return `# Evidence

${introduction}

## This run

\`${command}\`: ${schedules.toLocaleString('en')} schedules, seed ${seed}. ${versionList.join(', ')}.
The same seed gives the same table. This page is written by that command; do not edit it by hand.

${resultTable(results)}

${reading}

## Every call, every fault

How often each call was struck by each fault. A cell that can be hit and was not fails the run. \`conflict\` exists for
transactions only.

${results.map(hits).join('\n\n')}
`;
}

function hits(proven: Proven): string {
  const { system, tally } = proven;
  const unreachable = system.unreachable.map(
    ({ site, fault, why }) => `Not reachable: ${site}${fault === undefined ? '' : ` × ${fault}`}, because ${why}.`,
  );
  const never = missed(system, tally).map((cell) => `**Never hit: ${cell}.**`);
  return [`### ${system.name}, ${system.mode}`, '', hitTable(proven), '', ...unreachable, ...never]
    .join('\n')
    .trimEnd();
}

const introduction = `\`npm run prove\` runs the whole handler, over and over, against a world in which things go wrong, and counts
from the effects themselves what came of it. What the toolkit says of its own work is not asked.

A **schedule** is one story, made from a seed and a number: a topic of 1 to 3 partitions and 2 to 12 records (some business
IDs are sent twice, some records have none, a few handlers are slow, throw once, throw always or refuse their record); one
or more processes, whose clocks differ by up to \`clockSkewMs\`; batches that repeat, overlap and are split anywhere; two
invocations that hold the same partition; in some stories the topic is deleted and made again. One **fault** strikes one
call (now and then two strike):

| fault | what happens |
|---|---|
| \`cutBefore\` | the call does not arrive, and the SDK's own repetitions do not either |
| \`cutAfter\` | the call is carried out and its answer is lost; one time in two the SDK repeats it and its second answer arrives |
| \`throttled\` | the call is refused; of a call for many items perhaps only for some |
| \`conflict\` | a transaction is cancelled because another one works on an item |
| \`timeOut\` | no answer ever comes; the call is carried out at once, late (up to after everything else) or never |
| \`killedBefore\`, \`killedAfter\` | the process is lost before the call is sent, or after it was carried out |
| \`frozenBefore\`, \`frozenAfter\` | the process stands still there, and wakes up when its leases are over |

A **call** is one to the store, to the dead-letter queue, or the effect itself (\`effect\`: an HTTP call, say, that can fail
and time out like any other). Then the mapping delivers what is not done until everything is, late calls arrive, frozen
processes wake up, and in one story in four everything is delivered once more from the start.

In the rows **many** a \`handleMany\` of up to 2, 3 or 100 records a call meets the same schedules. It names a record that fails, or
throws for all of its call, or does this for some and that for others; before it makes or adds their effects, or afterwards; one time
in five a call throws though none of its records is at fault.`;

const reading = `## How to read it

- **lost**: records that were acknowledged when there was neither their effect nor a dead letter. Must be 0 in every row.
- **doubled**: effects beyond the first of one business ID (of one record, where it has none).
- **of these in the window**: repeats that the mode's documented window covers. What is doubled outside of it breaks a
  promise.
- **out of order**: effects that came after one of a later record of their ordering unit. Not counted: repeats, what was stored as a dead letter before, effects that were carried out after their handler had given up on them, and effects of a record behind
  one that failed in the same call of \`handleMany\`, if they come again.
- **dead letter after effect**: records that were put aside as dead letters when their effect was there (letters that
  arrive after their sender gave up, died or stood still are not counted: no queue can refuse them). In \`transaction\` it
  would break a promise. In \`claim\` and \`mark\` it is a handler that threw after its effect until its attempts were used
  up; in \`mark\` and \`position\` also two invocations at a time, of which one had the effect and the other a handler that threw.
- **own effect mistaken**: effects that the invocation which had them took for those of another one (\`duplicate\`), although its
  process never stood still. Nothing is lost by that; what is counted is handled is wrong. Only in \`transaction\` and \`position\`.
- **blocked**: schedules in which something was still not done after 60 more deliveries without faults.
- **failed schedules**: those with a loss, a repeat outside the window, an effect out of order, an own effect mistaken, a blocked partition, or a
  dead letter that breaks a promise. Such a one is also that of a record of which \`handleMany\` had said nothing while it was in
  company. In \`transaction\` and \`position\` an effect of a handler that threw, or of a record that it named as failed, counts as well.

In three of ten schedules of the modes without claims \`countStarts\` is on.

**\`transaction\` and \`position\`** have no window. Their handlers add one to an item of their own in two tables and leave a name in a
third; some make that conditional on its absence, some look first and refuse a record whose effect is there. In one story of
three they also raise a version that they have read, advance a state, delete an item that they put in place before and check
another one. The tables are read afterwards: an item that was added to twice is two effects, and a half of something (a version,
a state or a deletion that does not fit the effects, too) fails the run.

The **window of \`claim\`**, as it is counted. A second effect is covered if, and only if:

1. the handler threw after the first, or had given up on it while it was on its way: it said that there was none; or
2. the first was neither marked as completed nor acknowledged when the second was claimed, because its process was killed
   or stood still, or because a call that would have written the mark failed; of one invocation and ordering unit at most \`completionLag\` such; or
3. the second was made under an older claim than the first: its process had stood still past its lease, or it was on its
   way when its handler was told to stop.

The **window of \`mark\`** is the same, with the start of the handler in the place of the claim, and it covers two invocations
that held the record at the same time, also where one stood in the way of the other's mark and a third repeats the effect. With
many records a call it covers one more: what a call did for a record behind one of its unit that it named as failed, as long as
that is neither marked nor acknowledged.

**Powertools** (\`makeIdempotent\` over its DynamoDB layer, in one \`for\` loop over the records) meets the same schedules, on a
partition's order and without records that can never be handled, since it has no dead letters. *As documented*: the business
ID as the key, no Lambda context registered, as in its Kafka samples. (The key expression of its Kafka idempotency sample,
\`topic & '-' & partition & '-' & offset\`, is no valid JMESPath: with it every invocation throws.) *With care*: the context
registered, and coordinates as the key where there is no ID. It documents no window; by that of \`claim\` it can be compared.
Its records expire after an hour, its default, and where a crash locks a key for that hour, others of the batch expire
meanwhile.`;
