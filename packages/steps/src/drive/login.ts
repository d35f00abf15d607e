/** A time by the API server's clock, where the login says when it ends, or milliseconds from now. */
export type LoginTerms = { readonly ends: Date } | { readonly lasts: number };

/** What is left of a login some time after it was said how long it lasts. */
export function leftOf(login: LoginTerms | undefined, passed: number): LoginTerms | undefined {
  return login === undefined || 'ends' in login ? login : { lasts: login.lasts - passed };
}

/** When a login ends, in milliseconds since 1970; never without one. @param now by the API server's clock */
export function endOf(login: LoginTerms | undefined, now: Date): number {
  if (login === undefined) return Number.POSITIVE_INFINITY;
  return 'ends' in login ? login.ends.getTime() : now.getTime() + login.lasts;
}
