/** A small change of `lib/` that takes a promise away, and the tests of which one at least must notice. */
export interface Mutant {
  readonly name: string;
  /** The rule that the change breaks. */
  readonly rule: string;
  readonly file: string;
  /** Found exactly once in the file. */
  readonly before: string;
  readonly after: string;
  /** A test file that runs without servers, and (part of) the full name of the tests in it. */
  readonly test: { readonly file: string; readonly name: string };
}

const claims = 'test/unit/mutants/claims.test.ts';
const answer = 'test/unit/mutants/answer.test.ts';
const statements = 'test/unit/mutants/dynamodb-statements.test.ts';
const keys = 'test/unit/idempotency-key/idempotency-key.test.ts';
const receiveEvent = 'test/unit/event/receive-event.test.ts';
const memoryContract = 'test/contract/memory-store.test.ts';
const alone = 'test/unit/handler/claims/alone.test.ts';
const leaseLost = 'test/unit/handler/claims/lease-lost.test.ts';
const completionOutage = 'test/unit/handler/claims/completion-outage.test.ts';
const givingUp = 'test/unit/handler/claims/giving-up.test.ts';
const effects = 'test/unit/handler/effects';

/** The fault-injection harness, which drives every mode through faults at every call. */
const promisesOf = (mode: string): Mutant['test'] => ({
  file: 'test/prove/harness/promises.test.ts',
  name: `in mode ${mode} break no promise`,
});

export const mutants: readonly Mutant[] = [
  {
    name: 'no fence in the memory store',
    rule: 'Complete, renew and release are conditional on the owner.',
    file: 'lib/adapters/memory/operations.ts',
    before: "return marker?.status === 'INPROGRESS' && marker.owner === claim.owner ? marker : undefined;",
    after: "return marker?.status === 'INPROGRESS' ? marker : undefined;",
    test: { file: memoryContract, name: 'is refused to another owner, and changes nothing' },
  },
  {
    name: 'no fence in DynamoDB',
    rule: 'Complete, renew and release are conditional on the owner.',
    file: 'lib/adapters/dynamodb/statements.ts',
    before: `    text: \`"\${ownAttributes.owner}" = ? AND "\${attributes.status}" = ?\`,
    parameters: [{ S: owner }, { S: 'INPROGRESS' }],`,
    after: `    text: \`"\${attributes.status}" = ?\`,
    parameters: owner === '' ? [] : [{ S: 'INPROGRESS' }],`,
    test: { file: statements, name: 'every write under a claim' },
  },
  {
    name: 'no INPROGRESS condition in the memory store',
    rule: 'Complete, renew and release are conditional on INPROGRESS.',
    file: 'lib/adapters/memory/operations.ts',
    before: "return marker?.status === 'INPROGRESS' && marker.owner === claim.owner ? marker : undefined;",
    after: 'return marker?.owner === claim.owner ? marker : undefined;',
    test: { file: memoryContract, name: 'is refused on a completed marker' },
  },
  {
    name: 'no INPROGRESS condition in DynamoDB',
    rule: 'Complete, renew and release are conditional on INPROGRESS.',
    file: 'lib/adapters/dynamodb/statements.ts',
    before: `    text: \`"\${ownAttributes.owner}" = ? AND "\${attributes.status}" = ?\`,
    parameters: [{ S: owner }, { S: 'INPROGRESS' }],`,
    after: `    text: attributes.status === '' ? '' : \`"\${ownAttributes.owner}" = ?\`,
    parameters: [{ S: owner }],`,
    test: { file: statements, name: 'every write under a claim' },
  },
  {
    name: 'take over whatever is there now',
    rule: 'A take-over replaces the marker that was judged, not one that came since.',
    file: 'lib/adapters/memory/operations.ts',
    before: 'if (!isUnchanged(existing, claim.seen)) {',
    after: 'if (!isUnchanged(existing, existing)) {',
    test: { file: memoryContract, name: 'gives a free marker to exactly one of 20 that saw it' },
  },
  {
    name: 'no lease check before a handler',
    rule: 'A lease is checked before a handler starts.',
    file: 'lib/handler/claims/lease-keeper.ts',
    before: 'if (this.#isSafe(claim)) return true;',
    after: 'if (claim.idempotencyKey.length > 0) return true;',
    test: { file: claims, name: 'taken over while the process stalled' },
  },
  {
    name: 'no allowance for clock skew',
    rule: "Another owner's lease is over only clockSkewMs after its end.",
    file: 'lib/core/claim/judge-marker.ts',
    before: 'const freeAtMs = (marker.leaseUntilMs ?? expiresAtMs) + terms.clockSkewMs;',
    after: 'const freeAtMs = marker.leaseUntilMs ?? expiresAtMs;',
    test: { file: claims, name: 'a lease counts as over only when' },
  },
  {
    name: 'own claim not recognised',
    rule: 'Our own claim, met again after a lost answer, is known by its owner.',
    file: 'lib/core/claim/judge-marker.ts',
    before: "if (marker.owner === terms.owner) return { kind: 'own' };",
    after: '',
    test: { file: claims, name: 'a claim that was written although its answer was lost' },
  },
  {
    name: 'own completion not recognised',
    rule: 'A refused completion is read back: COMPLETED by our owner is success.',
    file: 'lib/core/claim/judge-completion.ts',
    before: "return marker !== undefined && marker.status === 'COMPLETED' && marker.owner === owner;",
    after: "return marker !== undefined && marker.status === 'COMPLETED' && marker.owner !== owner;",
    test: { file: claims, name: 'a completion that was written although its answer was lost' },
  },
  {
    name: "release of an unsettled handler's claim",
    rule: 'The claim of a handler that ignores its signal is never released.',
    file: 'lib/handler/run/run-handler.ts',
    before: 'const first = await Promise.race([settled, budget.hardStop]);',
    after: `const ignored = new Promise<HandlerResult>((resolve) => {
    const error = new Error('aborted');
    call.signal.addEventListener('abort', () => resolve({ kind: 'threw', error, durationMs: 0, startedAtMs }));
  });
  const first = await Promise.race([settled, ignored]);`,
    test: { file: claims, name: 'the claim of a handler that ignored its signal' },
  },
  {
    name: 'no hold-back',
    rule: 'The first record that is not done holds back the rest of its ordering unit.',
    file: 'lib/handler/run/record-endings.ts',
    before: 'this.#unit.stopped = true;',
    after: '',
    test: { file: answer, name: 'nothing of a unit starts behind one' },
  },
  {
    name: 'answer names only the first failure',
    rule: 'Every record that is not done is named.',
    file: 'lib/core/answer/batch-response.ts',
    before: 'batchItemFailures: undone.map((record) => ({',
    after: 'batchItemFailures: undone.slice(0, 1).map((record) => ({',
    test: { file: answer, name: 'every undone record is named' },
  },
  {
    name: '`report` for a topic that has none',
    rule: 'A batch with any topic that has no grant throws.',
    file: 'lib/core/answer/failure-reporting.ts',
    before: 'if (!reporting.report.includes(topic)) return false;',
    after: 'if (reporting.report.includes(topic)) return true;',
    test: { file: answer, name: 'a report is given only to batches whose every topic has it' },
  },
  {
    name: 'dead letter acknowledged before it is stored',
    rule: 'A record whose dead letter was not stored is not done.',
    file: 'lib/handler/run/record-endings.ts',
    before: 'const isStored = ((await deadLetters?.send(givenUp)) ?? false) && (await this.#passOver(entry));',
    after: 'const isStored = (deadLetters?.send(givenUp) ?? false) && (await this.#passOver(entry));',
    test: { file: answer, name: 'a dead letter that was not stored leaves its record undone' },
  },
  {
    name: 'empty batch for a malformed event',
    rule: 'A malformed event throws.',
    file: 'lib/core/event/receive-event.ts',
    before: 'throw new MalformedEventError(`The event\'s "records" is ${describe(groups)}, not an object. ${remedy}`);',
    after: 'return [];',
    test: { file: receiveEvent, name: 'refuses records that are' },
  },
  {
    name: 'empty batch for an event without records',
    rule: 'An event that holds nothing is not acknowledged.',
    file: 'lib/core/event/receive-event.ts',
    before: 'if (received.length === 0) throw new MalformedEventError(`The event holds no records. ${remedy}`);',
    after: '',
    test: { file: receiveEvent, name: 'refuses no record' },
  },
  {
    name: 'no namespace for fallback keys',
    rule: 'No business ID can reach the key of a record without one.',
    file: 'lib/core/idempotency-key/idempotency-key.ts',
    before: 'sha256(`coordinates\\n${place}`)',
    after: 'sha256(`businessId\\n${place}`)',
    test: { file: keys, name: 'is out of reach of a business ID' },
  },
  {
    name: 'half an ID taken for an ID',
    rule: 'A composite with a missing member is no business ID.',
    file: 'lib/core/idempotency-key/record-expression.ts',
    before: "buildsObject: path.at(-1)?.kind === 'object',",
    after: 'buildsObject: false,',
    test: { file: 'test/unit/idempotency-key/business-id.test.ts', name: 'finds nothing' },
  },
  {
    name: 'no timestamp in fallback keys',
    rule: 'A topic that was deleted and made again restarts its offsets: its records are new ones.',
    file: 'lib/core/idempotency-key/idempotency-key.ts',
    before: 'canonical([settings.clusterLabel, topic, partition, offset, timestampMs ?? null])',
    after: 'canonical([settings.clusterLabel, topic, partition, offset, timestampMs === undefined])',
    test: { file: keys, name: 'is another one after a topic was deleted and made again' },
  },
  {
    name: 'another payload skipped by default',
    rule: 'Without a dead-letter sink another payload under a known business ID fails; nothing is lost silently.',
    file: 'lib/handler/setup.ts',
    before: "(deadLetters === undefined ? 'fail' : 'reject')",
    after: "(deadLetters === undefined ? 'skip' : 'reject')",
    test: { file: givingUp, name: 'another payload under a known business ID fails' },
  },
  {
    name: 'attempts limited without a sink',
    rule: 'Without a dead-letter sink no attempts are exhausted.',
    file: 'lib/handler/setup.ts',
    before: 'deadLetters === undefined ? Number.POSITIVE_INFINITY : (givenAttempts ?? 10)',
    after: 'givenAttempts ?? 10',
    test: { file: givingUp, name: 'a record that ends its process is tried for ever' },
  },
  {
    name: 'dead letter of a record that another works on',
    rule: 'An owner that lost its lease decides nothing about its record any more.',
    file: 'lib/handler/run/dead-letters.ts',
    before: 'claim === undefined ? terms.budget.answering : AbortSignal.any([terms.budget.answering, claim.lost]);',
    after: 'claim === undefined ? terms.budget.answering : AbortSignal.any([terms.budget.answering]);',
    test: { file: leaseLost, name: 'ends the sending: whoever takes over may handle the record' },
  },
  {
    name: 'refused renewal ignored',
    rule: 'A refused renewal aborts the handler at once: another owner has the claim.',
    file: 'lib/handler/claims/lease-keeper.ts',
    before: "else if (kind === 'refused' &&",
    after: 'else if (kind === undefined &&',
    test: { file: leaseLost, name: 'aborts the handler at the first renewal that is refused' },
  },
  {
    name: 'lease dropped before the completion',
    rule: 'A lease is kept until its completion is confirmed.',
    file: 'lib/handler/claims/completions.ts',
    before: 'const completion = await this.#gather.add(',
    after: 'this.#leases.drop(claim);\n    const completion = await this.#gather.add(',
    test: { file: completionOutage, name: 'has its lease renewed until it is confirmed' },
  },
  {
    name: 'completion given up with the time to start',
    rule: 'A completion is tried until the answer is due.',
    file: 'lib/handler/claims/completions.ts',
    before: 'backoffMs(failures, randomness.fraction()), budget.answering)',
    after: 'backoffMs(failures, randomness.fraction()), budget.starting)',
    test: { file: completionOutage, name: 'is tried until the answer is due' },
  },
  {
    name: 'others start while a suspect runs',
    rule: 'A suspect runs alone.',
    file: 'lib/handler/run/alone-gate.ts',
    before: 'if (this.#aloneRunning) await new',
    after: 'if (this.#inside < 0) await new',
    test: { file: alone, name: 'starts when nothing else runs any more' },
  },
  {
    name: 'a suspect starts while others run',
    rule: 'A suspect runs alone.',
    file: 'lib/handler/run/alone-gate.ts',
    before: 'if (this.#inside > 0) return;',
    after: '',
    test: { file: alone, name: 'starts when nothing else runs any more' },
  },
  {
    name: 'claims kept while a suspect runs',
    rule: 'Nothing else is claimed while a suspect runs: what ends the process must be blamed on it alone.',
    file: 'lib/handler/run/unit-run.ts',
    before: 'await window.drain();',
    after: '',
    test: { file: alone, name: 'starts when what was claimed ahead in other units is given back' },
  },
  {
    name: 'a suspect before the completions of its unit',
    rule: 'What ends the process must find no finished effect of its unit unmarked.',
    file: 'lib/handler/run/unit-run.ts',
    before: `await this.#records.unconfirmed.atMost(0);
    gate.leave();
    const next = await gate.alone(`,
    after: `gate.leave();
    const next = await gate.alone(`,
    test: { file: alone, name: 'starts when the completions before it in its unit are confirmed' },
  },
  {
    name: 'fingerprints of records known by their coordinates',
    rule: 'Coordinates prove by themselves that it is the same record.',
    file: 'lib/handler/prepare.ts',
    before: "known.kind === 'fallback' ? undefined : quiet(preparation.fingerprint)",
    after: 'quiet(preparation.fingerprint)',
    test: {
      file: 'test/unit/handler/claims/fingerprints.test.ts',
      name: 'is not asked for a record known by its coordinates',
    },
  },
  {
    name: 'a dead letter acknowledged though its Kafka key is not held',
    rule: "Under afterDeadLetter 'holdKey' nothing of a Kafka key passes its dead letter.",
    file: 'lib/handler/run/dead-letters.ts',
    before: 'if (!(await holds.hold(prepared, formatCoordinates(coordinates)))) return false;',
    after: 'await holds.hold(prepared, formatCoordinates(coordinates));',
    test: { file: 'test/unit/handler/claims/hold-key.test.ts', name: 'leaves the record undone' },
  },
  {
    name: 'a suspect given back as free',
    rule: 'What a claim before came to stays unknown when the claim after it is given back unstarted.',
    file: 'lib/handler/claims/releases.ts',
    before: 'if (suspected !== undefined) {',
    after: 'if (false as boolean && suspected !== undefined) {',
    test: { file: 'test/unit/handler/claims/suspects.test.ts', name: 'given back unstarted' },
  },
  {
    name: 'a lease given up after a stall',
    rule: 'A lease that ran out while the process stood still is lost only when the store says so, or says nothing.',
    file: 'lib/handler/claims/lease-keeper.ts',
    before: 'if (!stalled || !canRenew)',
    after: 'if (true as boolean || !stalled || !canRenew)',
    test: { file: 'test/unit/handler/claims/leases.test.ts', name: 'is renewed rather than lost' },
  },
  {
    name: 'too few results taken for results',
    rule: 'A record that the store does not answer for is not done, and is not taken for one without a marker.',
    file: 'lib/handler/claims/store-failure.ts',
    before: 'if (results.length !== count) {',
    after: 'if (results.length > count) {',
    test: {
      file: 'test/unit/handler/claims/broken-stores.test.ts',
      name: 'but answers for all but the last: every record is undone',
    },
  },
  {
    name: 'a store that rejects ends more than its own request',
    rule: 'A store that rejects is an outage: the invocation answers, and nothing is acknowledged by it.',
    file: 'lib/handler/claims/store-failure.ts',
    before: "return failedAll(new StoreError('unavailable', `${operation}: the store rejected`, { cause }));",
    after: 'throw cause;',
    test: {
      file: 'test/unit/handler/claims/broken-stores.test.ts',
      name: 'but rejects: every record is undone',
    },
  },
  {
    name: 'a Powertools record completed under whatever claim there is',
    rule: 'A claim completes its own idempotency key only.',
    file: 'lib/powertools/persistence-layer.ts',
    before: 'if (call?.claim?.claim.idempotencyKey !== record.idempotencyKey) throw notHeld();',
    after: 'if (call?.claim === undefined) throw notHeld();',
    test: {
      file: 'test/unit/powertools/record-of-another-key.test.ts',
      name: 'is not completed under the claim on another key',
    },
  },
  {
    name: 'a commit for a partition that another member has',
    rule: 'Only what this member of the consumer group still has is committed.',
    file: 'lib/local/esm/assignment.ts',
    before: 'const owned = [...offsets].filter(([queue]) => queue.owned);',
    after: 'const owned = [...offsets];',
    test: { file: 'test/unit/esm/running-mapping.test.ts', name: 'is committed for the partitions only that are left' },
  },
  {
    name: 'records of a position that was left',
    rule: 'Records are enqueued only where their partition still reads on: nothing is delivered from before its start.',
    file: 'lib/local/esm/fetch-loop.ts',
    before: 'queue !== undefined && queue.nextOffset === positions.get(partition) && nextOffset > queue.nextOffset',
    after: 'queue !== undefined && nextOffset > queue.nextOffset',
    test: { file: 'test/unit/esm/fetch-loop.test.ts', name: 'that went and came back at another position' },
  },
  {
    name: 'no PartiQL grant',
    rule: 'The role may do what claim mode does: AWS refuses the first claim otherwise.',
    file: 'infra/table/grant-markers.ts',
    before: `  'dynamodb:PartiQLInsert',
`,
    after: '',
    test: {
      file: 'test/unit/infra/consumer/kafka-consumer.test.ts',
      name: 'reads only the markers, writes only dead letters',
    },
  },
  {
    name: 'no PutItem for a transaction',
    rule: 'A commit puts the marker or the position: AWS refuses the first one otherwise.',
    file: 'infra/table/grant-markers.ts',
    before: '  transaction: byTransaction,',
    after: '  transaction: inEveryMode,',
    test: { file: 'test/unit/infra/table/used-actions.test.ts', name: 'a handler in mode transaction does all' },
  },
  {
    name: 'a mode that the function was not deployed for',
    rule: 'The role may lack what the mode does, and the mapping what it trusts.',
    file: 'lib/handler/options/deployed-mode.ts',
    before: 'if (deployed === undefined || deployed === mode) return;',
    after: 'if (deployed === undefined || deployed === mode || (true as boolean)) return;',
    test: {
      file: 'test/unit/handler/input/environment.test.ts',
      name: 'a handler in mode position that was deployed for',
    },
  },
  {
    name: 'report set without partial responses',
    rule: 'A mapping without ReportBatchItemFailures takes a report for success.',
    file: 'lib/core/esm/consumer-rules.ts',
    before: "if (failureReporting !== 'report' || functionResponseTypes",
    after: "if (failureReporting !== 'report' || (true as boolean) || functionResponseTypes",
    test: { file: 'test/unit/infra/consumer/refusals.test.ts', name: 'reports that the mapping does not take' },
  },
  {
    name: 'a generated namespace',
    rule: 'A function that is replaced gets another name; its keys must not go with it.',
    file: 'infra/consumer/consumer-environment.ts',
    before: "[name.namespace, 'namespace', told.namespace]",
    after: "[name.namespace, 'namespace', undefined]",
    test: {
      file: 'test/unit/infra/consumer/kafka-consumer.test.ts',
      name: 'is told of table, mode, namespace, cluster, queue and bucket',
    },
  },
  {
    name: 'a table without TTL',
    rule: 'Markers expire, or the table grows for ever.',
    file: 'infra/table/idempotency-table.ts',
    before: `      timeToLiveAttribute: 'expiration',
`,
    after: '',
    test: { file: 'test/unit/infra/table/idempotency-table.test.ts', name: 'is on demand, expires markers' },
  },
  {
    name: 'a member that the group had given up keeps its partitions',
    rule: 'What a member had before it missed a rebalance may have been read on by another: it begins anew.',
    file: 'lib/local/esm/membership.ts',
    before: 'return before?.memberId === now.memberId && now.generationId === before.generationId + 1;',
    after: 'return before !== undefined && now.generationId > before.generationId;',
    test: { file: 'test/unit/esm/membership.test.ts', name: 'does not when the group made a new member of it' },
  },
  {
    name: 'two consumers of a topic with one namespace',
    rule: 'What one consumer has handled is a duplicate to another only if somebody wants that.',
    file: 'infra/consumer/one-consumer-a-namespace.ts',
    before: 'if (other === undefined) return;',
    after: 'if (other === undefined || (true as boolean)) return;',
    test: { file: 'test/unit/infra/consumer/refusals.test.ts', name: 'two consumers of a topic with one namespace' },
  },
  {
    name: 'partial responses taken from the mapping while the function reports',
    rule: 'The mapping is held to the rules as it stands when it is synthesised.',
    file: 'infra/consumer/check-at-synth.ts',
    before: 'consumerProblems({ ...now, mode, failureReporting,',
    after: "consumerProblems({ ...now, mode, failureReporting: 'throw',",
    test: { file: 'test/unit/infra/consumer/kafka-consumer.test.ts', name: 'may not lose its partial responses' },
  },
  {
    name: 'a marker outside the transaction',
    rule: 'Marker and effects commit together, or neither does.',
    file: 'lib/handler/commit/transaction-commits.ts',
    before: 'marks: members.map((member) => this.#markOf(member)),',
    after: `marks: members.flatMap((member) => {
        void this.#parts.terms.store.markCompleted([this.#markOf(member)], { signal: this.#parts.terms.budget.answering });
        return [];
      }),`,
    test: promisesOf('transaction'),
  },
  {
    name: 'a position one too far',
    rule: 'A position is the offset behind the last record that is done.',
    file: 'lib/core/position/judge-position.ts',
    before: 'nextOffset = Math.max(nextOffset, offset + 1);',
    after: 'nextOffset = Math.max(nextOffset, offset + 2);',
    test: promisesOf('position'),
  },
  {
    name: 'a later record below the position taken for a duplicate',
    rule: 'A record below the position but later than all that is done is a new one in an old place.',
    file: 'lib/core/position/judge-position.ts',
    before: "return isLater ? 'misplaced' : 'duplicate';",
    after: "return isLater ? 'duplicate' : 'duplicate';",
    test: promisesOf('position'),
  },
  {
    name: 'a throw believed without reading the marker',
    rule: 'No throw is believed before a consistent read shows that there is no marker.',
    file: 'lib/handler/commit/failed-records.ts',
    before: `        await this.#endings.duplicate(entry);
        return undefined;`,
    after: `        await this.#endings.giveUp({ entry, prepared, claim: undefined, reason: 'unprocessable', error: thrown?.error });
        return undefined;`,
    test: promisesOf('transaction'),
  },
  {
    name: 'a refused condition believed',
    rule: 'No refused condition is believed before a consistent read shows that there is no marker.',
    file: 'lib/handler/commit/transaction-member.ts',
    before: 'await this.#settleReviewed(ended.reviewed);',
    after: `await this.#endings.giveUp({ entry, prepared, claim: undefined, reason: 'unprocessable', error: ended.reviewed });`,
    test: promisesOf('transaction'),
  },
  {
    name: 'a new token when a commit is repeated',
    rule: 'A commit of which nobody knows what came of it is repeated with its token.',
    file: 'lib/handler/commit/send-commit.ts',
    before: 'const result = await callCommit(store, commit, terms);',
    after: 'const result = await callCommit(store, { ...commit, token: terms.randomness.uniqueId() }, terms);',
    // Markers and positions make it harmless, so the harness has nothing to count: the token itself is looked at.
    test: { file: 'test/unit/handler/effects/commits.test.ts', name: 'after cutAfter is repeated with its token' },
  },
  {
    name: 'a new token when a group is repeated',
    rule: 'A group of which nobody knows what came of it is repeated with its token.',
    file: 'lib/handler/commit/group-commit.ts',
    before: 'const result = await sendCommit(terms, store, mode.writesOf(members), isThrottled);',
    after: `const anew: CommitStore['commit'] = (commit, call) =>
        store.commit({ ...commit, token: terms.randomness.uniqueId() }, call);
      const result = await sendCommit(terms, { ...store, commit: anew }, mode.writesOf(members), isThrottled);`,
    test: { file: `${effects}/group-commit.test.ts`, name: 'is sent again with the same writes under its token' },
  },
  {
    name: 'a lost answer to a commit taken for success',
    rule: 'A commit of which nobody knows what came of it is not taken for committed.',
    file: 'lib/handler/commit/call-commit-store.ts',
    before: "result = failed('the store rejected', cause);",
    after: "result = cause === result ? failed('the store rejected', cause) : { kind: 'committed' };",
    test: { file: `${effects}/call-commit-store.test.ts`, name: 'may have been written or not' },
  },
  {
    name: 'a later record of a unit in a group without an earlier one',
    rule: 'Of each unit a group has a prefix, in order.',
    file: 'lib/handler/commit/compose-group.ts',
    before: `        isFull = true;
        break;`,
    after: `        isFull = true;
        continue;`,
    test: {
      file: `${effects}/compose-group.test.ts`,
      name: 'no record passes an earlier one of its unit',
    },
  },
  {
    name: 'a unit that goes on behind a record that could not be ended',
    rule: 'A position passes no record that is not done.',
    file: 'lib/handler/commit/group-commit.ts',
    before: 'unit.stopped = true;',
    after: 'unit.stopped ||= false;',
    test: { file: `${effects}/dropped-members.test.ts`, name: 'is not passed by those behind it' },
  },
  {
    name: 'a group that drops its refused member',
    rule: 'A refused record leaves its group and is decided alone.',
    file: 'lib/handler/commit/group-commit.ts',
    before: `        for (const member of blamed) member.alone = true;
        return members;`,
    after: `        await this.#settleAll(blamed, { kind: 'committed' });
        return members.filter((member) => !blamed.includes(member));`,
    test: promisesOf('transaction'),
  },
  {
    name: 'a prefix committed past a gap in handling',
    rule: 'A position passes no record that is not done.',
    file: 'lib/handler/commit/position-unit-run.ts',
    before: 'if (await this.#isStillNew(entry)) await this.#failed.fail(entry, prepared, started);',
    after: 'await this.#confirmed(0);',
    test: promisesOf('position'),
  },
  {
    name: 'a throw of handleMany believed of all',
    rule: 'A throw is believed only of a record that was called alone.',
    file: 'lib/handler/commit/calls/many-calls.ts',
    before: 'if (together === 1) return {',
    after: 'if (together > 0) return {',
    test: { file: 'test/unit/handler/many/outcomes.test.ts', name: 'a throw is believed only of one' },
  },
  {
    name: 'effects of a record that handleMany failed',
    rule: 'Nothing of a failed record is written.',
    file: 'lib/handler/commit/calls/many-calls.ts',
    before: 'if (failure !== undefined) {',
    after: 'if (failure !== undefined && failure.error === null) {',
    test: { file: 'test/unit/handler/many/outcomes.test.ts', name: 'an undone one holds back its unit only' },
  },
  {
    name: 'a call concluded behind an undone record',
    rule: 'What stands behind an undone record of its unit is not written.',
    file: 'lib/handler/commit/calls/unit-runs.ts',
    before: "if (this.#unit.stopped && one.kind !== 'unsettled') continue;",
    after: '',
    test: { file: 'test/unit/handler/many/outcomes.test.ts', name: 'an undone one holds back its unit only' },
  },
  {
    name: 'one key twice in a call',
    rule: 'Of two records of a key the second waits for what becomes of the first.',
    file: 'lib/handler/commit/marked-unit-run.ts',
    before: 'if (leader === entry) {',
    after: 'if (leader !== undefined) {',
    test: { file: 'test/unit/handler/many/outcomes.test.ts', name: 'a repeated key ends it' },
  },
  {
    name: 'a held Kafka key twice in a call',
    rule: 'A record waits for what becomes of the one before of its Kafka key, where dead letters hold keys.',
    file: 'lib/handler/commit/calls/unit-runs.ts',
    before: 'if (repeatsKafkaKey(ready, taken) || ',
    after: 'if (',
    test: { file: 'test/unit/handler/many/outcomes.test.ts', name: 'held Kafka keys: the next record' },
  },
  {
    name: 'the last attempt in company',
    rule: 'Only what happens while alone exhausts maxAttempts.',
    file: 'lib/handler/commit/calls/most-together.ts',
    before: 'if (attempts === undefined || attempts <= 1) return most;',
    after: 'if (attempts !== null) return most;',
    test: { file: 'test/unit/handler/many/outcomes.test.ts', name: 'is found and put aside alone' },
  },
  {
    name: 'no attempt counted at the end of the time',
    rule: 'A handler that runs until it is told to stop has failed, and counts.',
    file: 'lib/handler/commit/failed-records.ts',
    before: "until: 'answering'",
    after: "until: 'starting'",
    test: { file: 'test/unit/handler/effects/cut-short.test.ts', name: 'counts as an attempt, and is given up on' },
  },
  {
    name: 'a call repeated although the position moved',
    rule: 'What lies below a position that moved is done, also if it was about to be handled again.',
    file: 'lib/handler/commit/position-unit-run.ts',
    before: 'this.#runs.forget();',
    after: '',
    test: { file: 'test/unit/handler/many/waiting.test.ts', name: 'handles the rest again when another invocation' },
  },
  {
    name: 'a throw believed of a record below the position',
    rule: 'No throw is believed before a consistent read shows that the position has not moved.',
    file: 'lib/handler/commit/position-unit-run.ts',
    before: "if (now === 'same') return true;",
    after: 'if (now !== undefined) return true;',
    test: { file: `${effects}/position-unit-run.test.ts`, name: 'is not believed of a record that another invocation' },
  },
  {
    name: 'a throw believed behind an undone record',
    rule: 'A position passes no record that is not done.',
    file: 'lib/handler/commit/position-unit-run.ts',
    before: 'if (this.#unit.stopped || this.#rewindTo !== undefined) return false;',
    after: 'if (this.#rewindTo !== undefined) return false;',
    test: { file: `${effects}/position-unit-run.test.ts`, name: 'is not looked into while a record before it' },
  },
  {
    name: 'effects of a call that was made before the position moved',
    rule: 'What lies below a position that moved is done, also if its handler has just returned.',
    file: 'lib/handler/commit/position-unit-run.ts',
    before: "if (this.#rewindTo !== undefined && started.kind !== 'unsettled') return;",
    after: '',
    test: { file: `${effects}/position-unit-run.test.ts`, name: 'lets nothing of the call be written' },
  },
  {
    name: 'a record passed whose commit failed',
    rule: 'A position passes no record that is not done.',
    file: 'lib/handler/commit/position-unit-run.ts',
    before: `        this.#endings.stop(entry, 'failed', ended.error, undefined, durationMs);
        return false;`,
    after: '        return false;',
    test: { file: `${effects}/position-commits.test.ts`, name: 'because nobody can write its effects' },
  },
  {
    name: 'a follower of a failed record taken for a duplicate',
    rule: 'A record is a duplicate of another one of its batch only if that one took effect.',
    file: 'lib/handler/commit/marked-unit-run.ts',
    before: `    if (sharesEffect(leader, prepared)) {
      this.#endings.end(entry, 'duplicate');
      return 'done';`,
    after: `    if (leader.outcome !== undefined) {
      this.#endings.end(entry, 'duplicate');
      return 'done';`,
    test: { file: `${effects}/marked-unit-run.test.ts`, name: 'is handled when that one failed' },
  },
  {
    name: 'any marker taken for a mark',
    rule: 'In mark mode a record is done when it is marked, not when some marker stands in its way.',
    file: 'lib/handler/commit/marks.ts',
    before: "const isMarked = looked.kind === 'duplicate' || looked.kind === 'mismatch';",
    after: "const isMarked = looked.kind !== 'failed';",
    test: { file: `${effects}/marks.test.ts`, name: 'of a claim that outlasts the time' },
  },
  {
    name: 'a crash blamed on a record that was not alone',
    rule: 'Only a record that was alone is blamed for the end of the process.',
    file: 'lib/handler/commit/starts/starts.ts',
    before: 'item.left?.alone === true && ',
    after: 'item.left !== undefined && ',
    test: { file: 'test/property/handler/counted-starts.test.ts', name: 'put aside what ends the process' },
  },
  {
    name: 'a suspect called beside others',
    rule: 'A record that may have ended the process is called while nothing else runs.',
    file: 'lib/handler/commit/starts/counted-calls.ts',
    before: 'await gate.enter();',
    after: 'void gate.enter();',
    test: { file: `${effects}/counted-starts.test.ts`, name: 'call a suspect while nothing else runs' },
  },
  {
    name: 'a suspect called without a note',
    rule: 'The start of a record that may have ended the process is in the store before its handler is called.',
    file: 'lib/handler/commit/starts/counted-calls.ts',
    before: 'this.#starts.mayStart(suspect) ? await note(true) : undefined',
    after: 'undefined',
    test: { file: 'test/property/handler/counted-starts.test.ts', name: 'put aside what ends the process' },
  },
  {
    name: 'a crash forgotten when another one follows',
    rule: 'Which record ended the process is kept until that is counted.',
    file: 'lib/handler/commit/starts/in-flight-item.ts',
    before: 'return left?.alone === true ?',
    after: 'return left?.alone === undefined ?',
    test: { file: 'test/property/handler/counted-starts.test.ts', name: 'put aside what ends the process' },
  },
];
