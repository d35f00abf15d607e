/**
 * Where a list goes on, as `Link: </v2/…?next>; rel="next"` says; only the path below `/v2/` is taken, so that no other host is
 * asked.
 */
export function nextPage(link: string | string[] | undefined): string | undefined {
  return /<(?:https?:\/\/[^/>]+)?\/v2\/([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(String(link ?? ''))?.[1];
}
