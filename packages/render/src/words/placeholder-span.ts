import type { Span, YamlScalar } from '@slipway/yaml';

/**
 * The position of a placeholder in the source, from its offset in the decoded text. Quotes, escapes and indentation shift offsets, but
 * except for escaped characters no style changes how many `${` precede it.
 */
export function placeholderSpan(source: string, scalar: YamlScalar, offset: number): Span {
  const before = countOpenings(scalar.text.slice(0, offset));
  let start = scalar.start - 1;
  for (let index = 0; index <= before; index++) {
    start = source.indexOf('${', start + 1);
    if (start < 0 || start >= scalar.end) return scalar;
  }
  const end = source.indexOf('}', start);
  return { start, end: end < 0 || end >= scalar.end ? start + 2 : end + 1 };
}

function countOpenings(text: string): number {
  return text.split('${').length - 1;
}
