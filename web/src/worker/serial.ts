// One at a time, in the order asked. Everything that reads rows, thinks and writes them back runs through one of these.

export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(body: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(body, body);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
