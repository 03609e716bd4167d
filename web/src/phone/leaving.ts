// Taking a person off this phone. The worker refuses while something has not reached the office.

import { bridge, forgetAnswers, identity } from '../app/answers.ts';
import { navigate } from '../app/router.ts';

export async function leaveThisPhone(): Promise<void> {
  await bridge.call('leave');
  forgetAnswers();
  identity.value = null;
  navigate('/enrol', { replace: true });
}
