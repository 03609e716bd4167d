// What this system does not do: said to everyone who uses it, in the app itself.

import { PageHead } from '../../app/components/index.ts';
import { identity } from '../../app/answers.ts';
import { messages } from '../../app/i18n/index.ts';
import './about.css';

export function AboutPage() {
  const words = messages.value;
  const up = identity.value ? { href: '/mine', text: words.mine.title } : { href: '/enrol', text: words.enrol.start };
  return (
    <div class="page">
      <PageHead title={words.about.title} up={up} />
      <p>{words.about.lead}</p>
      <dl class="section nots">
        {words.about.nots.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd class="second">{how}</dd>
          </div>
        ))}
      </dl>
      <p class="section small second">{words.about.rule}</p>
    </div>
  );
}
