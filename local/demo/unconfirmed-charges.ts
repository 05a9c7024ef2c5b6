import type { ChargeRequest, Ledger, Phase } from './ledger.ts';
import type { MarkerTable } from './marker-table.ts';

/** Orders that were charged and had no completed marker when their handling came to an end; each may be repeated once. */
export interface Window {
  readonly phase: Phase;
  /** `disturbance`: a kill or a cut. `answer`: the function lived and named them as not done, a lost lease for example. */
  readonly cause: 'disturbance' | 'answer';
  readonly references: readonly string[];
}

/**
 * Finds, each time handlers have come to an end, the charges that nobody has confirmed.
 *
 * Each request of the ledger that has a completed marker will never be repeated; each that has none may be repeated once,
 * and is found once. Ledger and table are asked, never the function.
 */
export class UnconfirmedCharges {
  readonly #ledger: Ledger;
  readonly #table: Pick<MarkerTable, 'completed'>;
  readonly #windows: Window[] = [];
  #seen = 0;
  readonly #found = new Set<ChargeRequest>();

  constructor(ledger: Ledger, table: Pick<MarkerTable, 'completed'>) {
    this.#ledger = ledger;
    this.#table = table;
  }

  get windows(): readonly Window[] {
    return this.#windows;
  }

  /** After a disturbance, while nothing runs: among all requests since the last one. */
  async afterDisturbance(): Promise<void> {
    const fresh = this.#fresh();
    this.#seen = this.#ledger.requests.length;
    const references = await this.#unconfirmed(fresh);
    this.#found.clear();
    this.#windows.push({ phase: this.#ledger.phase, cause: 'disturbance', references });
  }

  /** When an answer has named orders as not done, before they are delivered again. */
  async afterAnswer(undone: ReadonlySet<string>): Promise<void> {
    const fresh = this.#fresh().filter(({ reference }) => undone.has(reference));
    if (fresh.length === 0) return;
    const references = await this.#unconfirmed(fresh);
    if (references.length > 0) this.#windows.push({ phase: this.#ledger.phase, cause: 'answer', references });
  }

  #fresh(): readonly ChargeRequest[] {
    return this.#ledger.requests.slice(this.#seen).filter((request) => !this.#found.has(request));
  }

  async #unconfirmed(requests: readonly ChargeRequest[]): Promise<readonly string[]> {
    const completed = await this.#table.completed(requests.map(({ idempotencyKey = '' }) => idempotencyKey));
    const open = requests.filter(({ idempotencyKey = '' }) => !completed.has(idempotencyKey));
    for (const request of open) this.#found.add(request);
    return [...new Set(open.map(({ reference }) => reference))];
  }
}
