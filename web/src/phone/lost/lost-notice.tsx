// Said before anything else on a phone whose store was cleared and on which nobody is enrolled now.

import type { Witness } from '../../bridge/types.ts';
import { Button, TimeText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { lost, lostFile } from '../../app/lost.ts';
import { saveFile } from '../rescue/save-file.ts';
import { lostVisits } from './lost-model.ts';
import './lost.css';

export function LostNotice() {
  const witness = lost.value;
  if (!witness) return null;
  const words = messages.value.lost;
  const visits = lostVisits(witness, undefined, [], []);
  return (
    <section class="lost-notice" role="status">
      <p><strong>{words.happened(witness.person.name, witness.community)}</strong></p>
      {visits.length === 0 ? <p>{words.nothingUnsent}</p> : <p>{words.unsent(visits.length)}</p>}
      <ul class="lost-lines">
        {visits.map((visit) => <li key={visit.document}><span class="number">{visit.place || words.unknownPlace}</span> <TimeText at={visit.at} /></li>)}
      </ul>
      {visits.length > 0 && <p>{witness.file === undefined ? words.copyGone : words.copyKept}</p>}
      <p>{words.enrolAgain}</p>
      {witness.file !== undefined && <SaveCopy witness={witness} />}
    </section>
  );
}

function SaveCopy({ witness }: { witness: Witness }) {
  const save = (): void => {
    const bytes = lostFile(witness);
    if (bytes) saveFile({ name: `楼道-${witness.person.name}.stairwell`, bytes });
  };
  return <Button onClick={save}>{messages.value.lost.saveCopy}</Button>;
}
