// Makes the practice community once; every test then starts from a copy, which is quicker than making it again.

import { existsSync, rmSync } from 'node:fs';
import { BINARY, Server, newFolder } from '../../support/server.mjs';

/** The community with its doors and people, and as few past visits as the program offers. */
export const PRACTICE = ['--scale', '0'];

export default async function makeTemplate(): Promise<() => void> {
  if (!existsSync(BINARY)) {
    throw new Error(`There is no program at ${BINARY}. Build it (cargo build -p stairwell-server), or name one in STAIRWELL_BIN.`);
  }
  const folder = newFolder();
  const server = await new Server(folder, PRACTICE).start();
  await server.stop();
  process.env.STAIRWELL_TEMPLATE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
