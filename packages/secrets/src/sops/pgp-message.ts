/** Packets of a message: https://www.rfc-editor.org/rfc/rfc9580#name-packet-type-ids */
const ENCRYPTED_SESSION_KEY = 1;
const PASSWORD_SESSION_KEY = 3;
const VERSION_WITH_KEY_ID = 3;
const KEY_ID_BYTES = 8;

/**
 * The IDs of all keys that open an armored OpenPGP message, in capitals, from the packets at its beginning. Undefined if it cannot be
 * told: for a message that a password opens, one that hides its recipients, and what is not a message.
 */
export function recipientsOfMessage(armored: string): string[] | undefined {
  const [, body = ''] =
    /-----BEGIN PGP MESSAGE-----\r?\n(?:[^\n]*:[^\n]*\n)*\r?\n([A-Za-z0-9+/=\s]*?)\r?\n(?:=[A-Za-z0-9+/]{4}\r?\n)?-----END/.exec(
      armored,
    ) ?? [];
  const bytes = Buffer.from(body, 'base64');
  const recipients: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at);
    if (packet === undefined || packet.tag === PASSWORD_SESSION_KEY) return undefined;
    if (packet.tag !== ENCRYPTED_SESSION_KEY) break;
    const content = bytes.subarray(packet.start, packet.end);
    const id = content
      .subarray(1, 1 + KEY_ID_BYTES)
      .toString('hex')
      .toUpperCase();
    if (content[0] !== VERSION_WITH_KEY_ID || /^0*$/.test(id)) return undefined;
    recipients.push(id);
    at = packet.end;
  }
  return recipients.length === 0 ? undefined : recipients;
}

interface Packet {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Undefined for a length that no session key has. https://www.rfc-editor.org/rfc/rfc9580#name-packet-headers */
function packetAt(bytes: Buffer, at: number): Packet | undefined {
  const header = bytes[at] ?? 0;
  const first = bytes[at + 1] ?? 0;
  const second = bytes[at + 2] ?? 0;
  const ending = (tag: number, start: number, length: number) =>
    start + length > bytes.length && tag === ENCRYPTED_SESSION_KEY
      ? undefined
      : { tag, start, end: start + length };
  if ((header & 0x80) === 0) return undefined;
  if ((header & 0x40) === 0) {
    const tag = (header >> 2) & 0x0f;
    if ((header & 3) === 0) return ending(tag, at + 2, first);
    if ((header & 3) === 1) return ending(tag, at + 3, first * 256 + second);
    return { tag, start: at, end: tag === ENCRYPTED_SESSION_KEY ? bytes.length : at + 1 };
  }
  const tag = header & 0x3f;
  if (first < 192) return ending(tag, at + 2, first);
  if (first < 224) return ending(tag, at + 3, (first - 192) * 256 + second + 192);
  return tag === ENCRYPTED_SESSION_KEY ? undefined : { tag, start: at, end: at + 1 };
}
