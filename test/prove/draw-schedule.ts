import type { Cell } from './cells.ts';
import { Dice } from './dice.ts';
import { drawTopic, payloadOf } from './draw-topic.ts';
import type {
  Behaviour,
  ManySettings,
  PlannedDelivery,
  PlannedFault,
  PlannedRecord,
  Schedule,
  Settings,
} from './schedule.ts';
import type { Traits } from './system.ts';

/** Makes the schedule of an index: the cells come in turn, everything else is chance. */
export function drawSchedule(traits: Traits, seed: number, index: number): Schedule {
  const dice = new Dice(seed, index);
  const { cells } = traits;
  // One turn in ten is without a fault.
  const cell = cells[index % Math.ceil(cells.length * 1.1)];
  const needs = cell === undefined ? {} : needsOf(cell, traits);
  const settings = traits.adjust({ ...drawSettings(dice, needs), ...drawOfSome(new Dice(seed + apart, index)) });
  const behaviours = (): Behaviour => drawBehaviour(dice, traits);
  const isMadeAgain = dice.chance(0.08);
  const topics = [drawTopic(dice, 0, behaviours), ...(isMadeAgain ? [drawTopic(dice, 1, behaviours)] : [])];
  const [first = []] = topics;
  const topic = needs.behaviour === undefined ? first : withOne(dice, first, needs.behaviour, needs.lacksId);
  const deliveries = drawDeliveries(dice, topic, settings, needs);
  const madeAgainBefore = isMadeAgain ? dice.between(1, deliveries.length) : undefined;
  return {
    seed,
    index,
    settings,
    topics: [topic, ...topics.slice(1)],
    skewsMs: Array.from({ length: 4 }, () => drawSkew(dice, settings.clockSkewMs)),
    deliveries,
    madeAgainBefore,
    faults: drawFaults(dice, traits, settings, cell, needs),
    rewinds: dice.chance(0.25),
  };
}

/** What a schedule must hold for a call of the site to happen in it. */
interface Needs {
  readonly behaviour?: Behaviour;
  readonly lacksId?: boolean;
  /** Attempts are not used up at once. */
  readonly isPatient?: boolean;
  /** Another fault, without which the call is hardly ever made. */
  readonly after?: Cell;
  readonly isSlow?: boolean;
  readonly deliveries?: number;
  /** Dead letters hold their keys. */
  readonly holdsKeys?: boolean;
  /** A second invocation holds the same records while the first is at work. */
  readonly overlaps?: boolean;
}

function needsOf({ site }: Cell, { claimsFailuresOnly }: Traits): Needs {
  switch (site) {
    case 'insert':
      return claimsFailuresOnly ? { behaviour: 'throwOnce' } : {};
    case 'complete':
      return claimsFailuresOnly ? { behaviour: 'unprocessable', lacksId: true } : {};
    case 'renew':
      return claimsFailuresOnly
        ? { behaviour: 'unprocessable', after: { site: 'deadLetter', fault: 'timeOut' } }
        : { behaviour: 'slow', isSlow: true, deliveries: 2, overlaps: true };
    case 'release':
    case 'DeleteItem':
      return { behaviour: 'throwOnce' };
    case 'takeOver':
      return claimsFailuresOnly
        ? { behaviour: 'throw', deliveries: 2, isPatient: true }
        : { behaviour: 'throwOnce', deliveries: 3 };
    case 'read':
      return { behaviour: 'throwOnce', deliveries: 3, holdsKeys: true };
    case 'markCompleted':
      return { behaviour: 'unprocessable', deliveries: 2, holdsKeys: true };
    case 'deadLetter':
      return { behaviour: 'unprocessable', deliveries: 2 };
    default:
      return {};
  }
}

/** What only some systems have is drawn by dice of its own, which moves nothing else. */
const apart = 1_000_003;

function drawOfSome(dice: Dice): Pick<Settings, 'many' | 'guards' | 'countsStarts'> {
  const many: ManySettings = {
    maxRecords: dice.pick([2, 3, 100, 100]),
    tells: dice.pick(['named', 'thrown', 'mixed']),
    failsLate: dice.chance(0.5),
    throwsInCompany: dice.chance(0.2),
    backwards: dice.chance(0.3),
  };
  return { many, guards: dice.chance(0.35), countsStarts: dice.chance(0.3) };
}

function drawSettings(
  dice: Dice,
  { isSlow = false, holdsKeys = false, isPatient = false }: Needs,
): Omit<Settings, 'many' | 'guards' | 'countsStarts'> {
  const leaseMs = dice.pick([1_000, 1_000, 3_000]);
  const clockSkewMs = dice.pick([0, 100, 500]);
  return {
    ordering: dice.weigh([
      [6, 'partition'],
      [3, 'key'],
      [1, 'none'],
    ]),
    reports: dice.chance(0.5),
    completionLag: dice.pick([1, 3, 25]),
    maxConcurrency: dice.pick([1, 2, 10]),
    leaseMs,
    clockSkewMs,
    maxAttempts: isPatient ? 3 : dice.pick([1, 2, 3]),
    remainingMs: leaseMs === 3_000 ? dice.pick([10_000, 30_000]) : dice.pick([5_000, 10_000]),
    remembers: dice.chance(0.5),
    onUnknownOutcome: dice.chance(0.1) ? 'deadLetter' : 'handleAgain',
    afterDeadLetter: dice.chance(holdsKeys ? 0.5 : 0.1) ? 'holdKey' : 'continue',
    commitsPrefixes: dice.chance(0.5),
    repeats: dice.pick(['unseen', 'conditional', 'refused']),
    latencyMs: dice.pick([0, 0, 3, 20]),
    arrivesAfterDeath: dice.chance(0.5),
    slowMs: Math.round(leaseMs * (isSlow ? dice.pick([0.9, 1.4]) : dice.pick([0.05, 0.4, 1.2]))),
  };
}

/** Two clocks are apart by no more than is configured. */
function drawSkew(dice: Dice, clockSkewMs: number): number {
  const mostMs = Math.floor(clockSkewMs / 2);
  return dice.chance(0.4) ? dice.pick([-mostMs, mostMs]) : dice.between(-mostMs, mostMs);
}

function drawBehaviour(dice: Dice, { hasDeadLetters }: Traits): Behaviour {
  const behaviour = dice.weigh<Behaviour>([
    [30, 'ok'],
    [3, 'slow'],
    [2, 'effectThenSlow'],
    [4, 'throwOnce'],
    [1, 'throw'],
    [1, 'unprocessable'],
  ]);
  const blocks = behaviour === 'throw' || behaviour === 'unprocessable';
  return blocks && !hasDeadLetters ? 'throwOnce' : behaviour;
}

function withOne(dice: Dice, topic: readonly PlannedRecord[], behaviour: Behaviour, lacksId = false): PlannedRecord[] {
  const at = dice.between(0, topic.length - 1);
  return topic.map((record, index) =>
    index === at ? { ...record, behaviour, ...(lacksId ? payloadOf(undefined) : {}) } : record,
  );
}

function drawDeliveries(
  dice: Dice,
  topic: readonly PlannedRecord[],
  settings: Settings,
  needs: Needs,
): PlannedDelivery[] {
  const count = Math.max(
    needs.deliveries ?? 1,
    dice.weigh([
      [4, 1],
      [4, 2],
      [2, 3],
      [1, 4],
    ]),
  );
  const overlaps = needs.overlaps === true && dice.chance(0.5);
  const environments = overlaps ? 2 : dice.pick([1, 2]);
  const partitions = [...new Set(topic.map(({ partition }) => partition))];
  return Array.from({ length: count }, (_, at): PlannedDelivery => {
    const taken = partitions.filter(() => dice.chance(0.75));
    return {
      environment: overlaps ? at % 2 : dice.between(0, environments - 1),
      shares: dice.chance(0.1),
      afterMs:
        !overlaps && dice.chance(0.55)
          ? undefined
          : dice.between(0, overlaps ? settings.leaseMs : settings.leaseMs * 3),
      slices: (taken.length === 0 ? partitions : taken).map((partition) => ({
        partition,
        stepsBack: dice.chance(0.3) ? dice.between(1, 3) : 0,
        records: dice.chance(0.6) ? topic.length : dice.between(1, topic.length),
      })),
      onlyUndone: settings.reports && dice.chance(0.5),
    };
  });
}

function drawFaults(
  dice: Dice,
  traits: Traits,
  settings: Settings,
  cell: Cell | undefined,
  { after }: Needs,
): PlannedFault[] {
  if (cell === undefined) return [];
  const isOften = ['insert', 'complete', 'commit', 'setMarks', 'effect', 'PutItem', 'UpdateItem'].includes(cell.site);
  const main = drawFault(dice, cell, settings, isOften && dice.chance(0.4) ? dice.between(2, 3) : 1);
  if (after !== undefined) return [drawFault(dice, after, settings, 1), main];
  const [anyCell] = traits.cells;
  if (anyCell === undefined || !dice.chance(0.12)) return [main];
  const other = dice.pick([anyCell, ...traits.cells]);
  return [main, drawFault(dice, other, settings, dice.between(1, 2))];
}

function drawFault(dice: Dice, cell: Cell, settings: Settings, atCall: number): PlannedFault {
  const pastLeaseMs = settings.leaseMs + settings.clockSkewMs + dice.between(100, 3_000);
  const carriedOut = dice.pick(['never', 'atOnce', 'late']);
  return {
    cell,
    atCall,
    frozenMs: pastLeaseMs + (dice.chance(0.3) ? settings.remainingMs : 0),
    carriedOut,
    lateMs: dice.pick([20, settings.leaseMs, pastLeaseMs, settings.remainingMs + pastLeaseMs]),
    sentAgain: dice.chance(0.5),
    partly: dice.chance(0.5),
  };
}
