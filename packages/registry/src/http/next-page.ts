import { invalidAnswer } from './answers.ts';
import type { RegistryRequest } from './client.ts';

const NEXT = /<([^>]*)>\s*;[^,<>]*\brel\s*=\s*"?(?:[^",;<>]*\s)?next(?=[\s",;]|$)/i;
/** Whether there is a next page at all, wherever it may be. */
const HAS_NEXT = /\brel\s*=\s*(?:"[^"]*\bnext\b|next\b)/i;
/** Only compared with itself: the host that a link names is not asked. */
const HOME = 'https://registry.invalid/v2/';

/**
 * Where a list goes on, as `Link: </v2/…?next>; rel="next"` says, below `/v2/` of the same registry; undefined at its end.
 * @throws SlipwayError `registry-answer-invalid` for a next page elsewhere, without which the list would be cut
 */
export function nextPage(
  link: string | string[] | undefined,
  { registry, target }: Pick<RegistryRequest, 'registry' | 'target'>,
): string | undefined {
  const text = [link ?? []].flat().join(', ');
  if (!HAS_NEXT.test(text.replace(/<[^>]*>/g, ''))) return undefined;
  const next = pathBelow(NEXT.exec(text)?.[1], target);
  if (next === undefined) throw invalidAnswer(registry, 'a list whose next page is not below /v2/');
  return next;
}

function pathBelow(address: string | undefined, from: string | URL): string | undefined {
  const base = new URL(from, HOME);
  if (!address || !URL.canParse(address, base.href)) return undefined;
  const { pathname, search } = new URL(address, base);
  if (!pathname.startsWith('/v2/')) return undefined;
  const path = `${pathname.slice('/v2/'.length)}${search}`;
  // What begins with a slash or a scheme would be the address of another host.
  return URL.canParse(path, HOME) && new URL(path, HOME).href.startsWith(HOME) ? path : undefined;
}
