// What the tests over random cases begin with: the same in each run, so that a red run is about what was changed.
// STAIRWELL_SEED=7 looks at others.

import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.STAIRWELL_SEED ?? 20_251_122) });
