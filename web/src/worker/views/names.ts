// Names of people and devices, as far as the directory knows them. Pure.

import { deviceOf } from '../bytes.ts';
import type { Directory, Enrolment } from '../store/rows.ts';

export class Names {
  readonly #people = new Map<string, string>();
  readonly #devices = new Map<string, string>();

  constructor(directory: Directory | undefined, enrolment: Enrolment | undefined) {
    for (const person of directory?.people ?? []) {
      this.#people.set(person.person, person.name);
      for (const device of person.devices) this.#devices.set(device, person.person);
    }
    if (enrolment) {
      // The directory may not have come yet; one always knows oneself.
      this.#people.set(enrolment.identity.person.id, enrolment.identity.person.name);
      this.#devices.set(enrolment.identity.device, enrolment.identity.person.id);
    }
  }

  /** Empty for someone the directory does not know. */
  person(id: string | undefined): string {
    return (id !== undefined && this.#people.get(id)) || '';
  }

  /** Who holds the device that wrote as this actor. */
  writer(actor: string): { person?: string; name: string } {
    const device = deviceOf(actor);
    const person = device === undefined ? undefined : this.#devices.get(device);
    return person === undefined ? { name: '' } : { person, name: this.person(person) };
  }
}
