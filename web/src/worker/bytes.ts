// Bytes, hex and ids in their forms. Nothing here knows what the bytes mean.

/** Bytes that own an ordinary buffer, as the browser's interfaces ask. */
export type Bytes = Uint8Array<ArrayBuffer>;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

export function fromHex(text: string): Bytes {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new TypeError('not hex');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Standard base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** The 16 bytes of a UUID. */
export function idToBytes(id: string): Bytes {
  const bytes = fromHex(id.replaceAll('-', ''));
  if (bytes.length !== 16) throw new TypeError('not an id');
  return bytes;
}

/** A UUID as lower-case text. */
export function idFromBytes(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new TypeError('an id has 16 bytes');
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether these bytes hold that part somewhere. */
export function holdsBytes(bytes: Uint8Array, part: Uint8Array): boolean {
  const [first = 0] = part;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

/** A copy that owns its buffer, so that a small part does not keep a large whole alive. */
export function copy(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', copy(bytes)));
}

export async function sha1(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', copy(bytes)));
}

/** The actor of a device's changes: its id and one slot byte. */
export function actorOf(device: string, slot: number): string {
  return toHex(idToBytes(device)) + HEX[slot & 0xff];
}

/** The device an actor belongs to; undefined for an actor that is none, such as the genesis. */
export function deviceOf(actor: string): string | undefined {
  return actor.length === 34 ? idFromBytes(fromHex(actor.slice(0, 32))) : undefined;
}
