// Two wishes about this screen: its look and its language.

import { Segmented } from '../../app/components/index.ts';
import { chooseLanguage, language, messages } from '../../app/i18n/index.ts';
import { chooseLook, look, type Look } from '../../app/look.ts';

const LOOKS: readonly Look[] = ['system', 'light', 'dark', 'sun'];

export function Screen() {
  const words = messages.value.mine;
  return (
    <section class="section screen">
      <Segmented
        name="look"
        legend={words.look}
        options={LOOKS.map((value) => ({ value, text: words.looks[value] }))}
        value={look.value}
        onChoose={chooseLook}
      />
      <Segmented
        name="language"
        legend={words.language}
        options={[{ value: 'zh', text: '中文' }, { value: 'en', text: 'English' }]}
        value={language.value}
        onChoose={chooseLanguage}
      />
    </section>
  );
}
