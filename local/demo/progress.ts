/** Shows what goes on: one line that is written again on a terminal, else a line every few seconds. */
export class Progress {
  readonly #output: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs = performance.now();
  #stage = '';
  #detail: () => string = () => '';
  #isOnLine = false;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
    this.#timer = setInterval(() => this.#show(), output.isTTY ? 200 : 5_000);
    this.#timer.unref();
  }

  /** What is being done now, with what is to be told of it as it goes on. */
  stage(text: string, detail: () => string = () => ''): void {
    this.#stage = text;
    this.#detail = detail;
    this.#show();
  }

  /** Says something once, on a line of its own. */
  note(text: string): void {
    this.#clear();
    this.#output.write(`${this.#seconds()}  ${text}\n`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #show(): void {
    const line = [this.#seconds(), this.#stage, this.#detail()].filter((part) => part !== '').join('  ');
    if (this.#output.isTTY) {
      this.#output.write(`\r\x1b[2K${line.slice(0, Math.max(20, (this.#output.columns ?? 80) - 1))}`);
      this.#isOnLine = true;
    } else this.#output.write(`${line}\n`);
  }

  #clear(): void {
    if (this.#isOnLine) this.#output.write('\r\x1b[2K');
    this.#isOnLine = false;
  }

  #seconds(): string {
    return `${((performance.now() - this.#startedAtMs) / 1000).toFixed(0).padStart(4)} s`;
  }
}

/** `[######----]  60 %` */
export function bar(done: number, all: number): string {
  const share = all === 0 ? 1 : Math.min(1, done / all);
  const full = Math.round(share * 20);
  return `[${'#'.repeat(full)}${'-'.repeat(20 - full)}] ${Math.round(share * 100)
    .toString()
    .padStart(3)} %`;
}
