// The order of labels of buildings, units and doors, for pages and worker alike: labels are text, yet 2 comes before 10.

/** Most labels. */
const NUMBER = /^[0-9]{1,15}$/;
/** Made for the first label that is none: the browser reads its whole table of Chinese order for it. */
let collator: Intl.Collator | undefined;

export function compareLabels(a: string, b: string): number {
  if (NUMBER.test(a) && NUMBER.test(b)) return Number(a) - Number(b);
  collator ??= new Intl.Collator('zh-Hans-CN', { numeric: true });
  return collator.compare(a, b);
}
