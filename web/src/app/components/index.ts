// The shared components in one place, for the phone and the desk.

export { Button, ButtonLink, type Tone } from './button.tsx';
export { ConflictPair, fieldText, valueText } from './conflict-pair.tsx';
export { EmptyState } from './empty-state.tsx';
export { ErrorSentence } from './error-sentence.tsx';
export { Mark } from './mark.tsx';
export { AuthorLegend, NoteRuns } from './note-runs.tsx';
export { Onward, PageHead, UpLink, usePageTitle } from './page-head.tsx';
export { Reading } from './reading.tsx';
export { Segmented } from './segmented.tsx';
export { TagChip, TagChips } from './tag-chip.tsx';
export { TimeText } from './time-text.tsx';
