import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** What a palette has room for. */
const MAX_COLOURS = 256;
const SIGNATURE = 8;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel. */
  readonly pixels: Buffer;
}

/**
 * A picture of text with 256 of its colours, which is a third of its size. The others become the nearest of them.
 * @param png eight bits for each of three colours, as Chromium writes it
 * @see https://www.w3.org/TR/png-3/
 */
export function withPalette(png: Uint8Array): Buffer {
  const { width, height, pixels } = readPicture(Buffer.from(png));
  const palette = paletteOf(pixels);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const lines = Buffer.alloc((width + 1) * height);
  for (let index = 0; index < width * height; index++) {
    const colour = pixels.readUIntBE(index * 3, 3);
    const found = nearest.get(colour) ?? nearestOf(palette, colour);
    nearest.set(colour, found);
    // Each line begins with the number of its filter, here none.
    lines[index + Math.floor(index / width) + 1] = found;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const colours = Buffer.from(palette.flatMap(partsOf));
  return Buffer.concat([
    Buffer.from(png.subarray(0, SIGNATURE)),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function readPicture(png: Buffer): Picture {
  const data: Buffer[] = [];
  for (let at = SIGNATURE; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  return { width, height, pixels: unfiltered(inflateSync(Buffer.concat(data)), width * 3, height) };
}

/** Each byte is written as its difference from what the filter of its line expects of the bytes left of it and above it. */
function unfiltered(lines: Buffer, length: number, height: number): Buffer {
  const pixels = Buffer.alloc(length * height);
  for (let row = 0; row < height; row++) {
    const start = row * (length + 1);
    for (let column = 0; column < length; column++) {
      const at = row * length + column;
      const left = column < 3 ? 0 : (pixels[at - 3] ?? 0);
      const above = row === 0 ? 0 : (pixels[at - length] ?? 0);
      const corner = row === 0 || column < 3 ? 0 : (pixels[at - length - 3] ?? 0);
      pixels[at] = (lines[start + 1 + column] ?? 0) + expectedBy(lines[start] ?? 0, left, above, corner);
    }
  }
  return pixels;
}

/** https://www.w3.org/TR/png-3/#9Filter-types */
function expectedBy(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  return filter === 4 ? closest(left, above, corner) : 0;
}

/** https://www.w3.org/TR/png-3/#9Filter-type-4-Paeth */
function closest(left: number, above: number, corner: number): number {
  const [byLeft, byAbove, byCorner] = [
    Math.abs(above - corner),
    Math.abs(left - corner),
    Math.abs(left + above - 2 * corner),
  ];
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

/** The most frequent colours, but first one of each kind: a small red sign among thousands of grey letters stays red. */
function paletteOf(pixels: Buffer): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const kinds = Map.groupBy(frequent, colour =>
    partsOf(colour)
      .map(part => part >> 5)
      .join(),
  );
  const firsts = [...kinds.values()].flatMap(([first]) => first ?? []);
  return [...new Set([...firsts, ...frequent])].slice(0, MAX_COLOURS);
}

function nearestOf(palette: readonly number[], colour: number): number {
  const distances = palette.map(other => {
    const parts = partsOf(other);
    return partsOf(colour).reduce((sum, part, index) => sum + (part - (parts[index] ?? 0)) ** 2, 0);
  });
  return distances.indexOf(Math.min(...distances));
}

function partsOf(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, checksum]);
}
