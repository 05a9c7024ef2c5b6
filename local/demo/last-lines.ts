/** The end of what a function wrote to its standard error, to be shown if the demo fails. */
export class LastLines {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-4_000);
  }

  get lines(): readonly string[] {
    return this.#text.split('\n').filter((line) => line !== '');
  }
}
