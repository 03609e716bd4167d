// A limit for what may never answer. Chromium's storage sometimes neither succeeds nor fails.

export type Later = (delayMs: number, body: () => void) => () => void;

/** Counted in steps: a phone that slept through one of them has not waited for the others. */
const STEP_MS = 5_000;
const STEPS = 4;

/** What `work` answers; or, when it says nothing for long, what `giveUp` throws. */
export function patiently<T>(later: Later, work: Promise<T>, giveUp: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    let steps = 0;
    const step = (): void => {
      steps += 1;
      if (steps < STEPS) callOff = later(STEP_MS, step);
      else if (steps === STEPS) reject(giveUp());
    };
    let callOff = later(STEP_MS, step);
    const answered = (): void => {
      // Nothing that fires late counts any more.
      steps = STEPS;
      callOff();
    };
    work.then(resolve, reject).finally(answered);
  });
}
