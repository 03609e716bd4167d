import { describe, expect, it } from 'vitest';
import type { Identity, Refusal, Status } from '../../bridge/types.ts';
import { startOf, update, type EnrolEvent, type EnrolModel } from './enrol-model.ts';

const identity = { person: { name: '陈小满' } } as Identity;
const refusal = (code: string): Refusal => ({ code, zh: code, en: code });

describe('enrolling begins', () => {
  it('at once with a code on a fresh phone', () => {
    expect(startOf('code', null, undefined)).toEqual({ step: 'working', code: 'code' });
  });

  it('by asking for a link without one', () => {
    expect(startOf(null, null, undefined)).toEqual({ step: 'asking' });
  });

  it('by saying whose phone this is, and what waits on it, leaving the code unused', () => {
    expect(startOf('code', identity, { waiting: 3 } as Status)).toEqual({ step: 'taken', code: 'code', name: '陈小满', waiting: 3 });
  });
});

describe('on a phone that the office knows no more', () => {
  const status = { waiting: 3, last_error: refusal('token_unknown') } as Status;
  const disowned: EnrolModel = { step: 'disowned', code: 'code', name: '陈小满', waiting: 3 };

  it('a new link leads on although something waits, once the person has read what becomes of it', () => {
    expect(startOf('code', identity, status)).toEqual(disowned);
    expect(update(disowned, { type: 'anew' })).toEqual({ step: 'working', code: 'code' });
  });

  it('which is found out while the link is open', () => {
    const taken = startOf('code', identity, { waiting: 3 } as Status);
    expect(update(taken, { type: 'disowned', waiting: 3 })).toEqual(disowned);
    expect(update({ step: 'working', code: 'code' }, { type: 'disowned', waiting: 3 })).toEqual({ step: 'working', code: 'code' });
  });

  it('a link may be pasted', () => {
    expect(startOf(null, identity, status)).toEqual({ step: 'asking' });
  });
});

describe('enrolling goes on', () => {
  const working: EnrolModel = { step: 'working', code: 'code' };
  const cases: [string, EnrolModel, EnrolEvent, EnrolModel][] = [
    ['to the pages when the office agreed', working, { type: 'enrolled' }, { step: 'done' }],
    ['to another link when the code was used up', working, { type: 'refused', error: refusal('code_used') },
      { step: 'asking', error: refusal('code_used') }],
    ['with the same code when there was no network', working, { type: 'refused', error: refusal('offline') }, { step: 'offline', code: 'code' }],
    ['with the same code when the office was restarting', working, { type: 'refused', error: refusal('http_503') }, { step: 'offline', code: 'code' }],
    ['by itself when the network is back', { step: 'offline', code: 'code' }, { type: 'online' }, working],
    ['not again because the network is back', working, { type: 'online' }, working],
    ['with a pasted code', { step: 'asking' }, { type: 'pasted', code: 'other' }, { step: 'working', code: 'other' }],
    ['with a plain word when nothing readable was pasted', { step: 'asking' }, { type: 'pasted', code: null }, { step: 'asking', unreadable: true }],
    ['once the former person has left', { step: 'taken', code: 'code', name: '陈小满', waiting: 0 }, { type: 'left' }, working],
  ];
  it.each(cases)('%s', (_name, model, event, expected) => {
    expect(update(model, event)).toEqual(expected);
  });
});
