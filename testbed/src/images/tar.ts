/** One entry of an archive: a file with its content, a folder, or a symbolic link. */
export type TarEntry =
  | { readonly path: string; readonly content: Uint8Array; readonly mode: number }
  | { readonly path: string; readonly mode: number }
  | { readonly path: string; readonly link: string };

const BLOCK = 512;
const LONGEST_PATH = 100;

/**
 * A tar archive whose bytes depend on the entries alone: no times, no owners.
 * Format: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar Interchange Format).
 */
export function tar(entries: readonly TarEntry[]): Uint8Array<ArrayBuffer> {
  const blocks = entries.flatMap(entry => {
    const content = 'content' in entry ? entry.content : new Uint8Array();
    return [header(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(entry: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(entry.path) > LONGEST_PATH)
    throw new RangeError(`${entry.path} is too long for a tar header`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, '0'), at);
  block.write(entry.path, 0);
  octal('mode' in entry ? entry.mode : 0o777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.fill(' ', 148, 156);
  block.write('content' in entry ? '0' : 'link' in entry ? '2' : '5', 156);
  if ('link' in entry) block.write(entry.link, 157);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
