import { RE2JS } from 're2js';

/** `matches`, `find` and `findAll` of policies and `pattern` of custom resources: RE2, whose time is linear in the text whatever the pattern is. */
export interface Pattern {
  test(text: string): boolean;
  /** The first `limit` matches, from left to right. */
  find(text: string, limit: number): string[];
}

const COMPILED = new Map<string, Pattern>();
/** Patterns can be built from data, so their number has no natural limit. */
const MAX_KEPT = 1000;

/** @throws Error with RE2's own words if the pattern is not one */
export function compilePattern(source: string): Pattern {
  const known = COMPILED.get(source);
  if (known !== undefined) return known;
  const pattern = openPattern(RE2JS.compile(withoutNames(source)));
  if (COMPILED.size < MAX_KEPT) COMPILED.set(source, pattern);
  return pattern;
}

/** Go takes two groups of one name, and no function of expressions asks for a name. Escapes and classes are skipped. */
function withoutNames(source: string): string {
  return source.replace(/\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<\w+>/gs, part =>
    part.startsWith('(') ? '(' : part,
  );
}

function openPattern(pattern: RE2JS): Pattern {
  return {
    test: text => pattern.test(text),
    find(text, limit) {
      const matcher = pattern.matcher(text);
      const found: string[] = [];
      let end = -1;
      while (found.length < limit && matcher.find()) {
        // Like Go, which skips an empty match directly after another match.
        if (matcher.start() !== matcher.end() || matcher.start() !== end) found.push(matcher.group() ?? '');
        end = matcher.end();
      }
      return found;
    },
  };
}
