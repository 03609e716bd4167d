// What does not belong into a note: numbers that name a person. Advises, never blocks. Pure.

/** What a text seems to hold. */
export type Found = 'id_number' | 'mobile';

/** Eighteen digits whose middle is a possible birth date; the last may be X. Groups of digits may be parted. */
const ID_NUMBER = /(?:^|[^0-9])[1-9][0-9]{5}[ -]?(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[ -]?[0-9]{3}[0-9Xx](?![0-9])/;
/** Eleven digits as mobile numbers are dealt out in China. */
const MOBILE = /(?:^|[^0-9])(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])/;

/** The first thing found, an ID number before a mobile one; null when the note holds neither. */
export function foundIn(note: string): Found | null {
  // Chinese keyboards offer full-width digits too.
  const plain = note.replace(/[０-９Ｘｘ]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  if (ID_NUMBER.test(plain)) return 'id_number';
  return MOBILE.test(plain) ? 'mobile' : null;
}
