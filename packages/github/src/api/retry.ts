/** What octokit throws; there is no status if GitHub did not answer. */
export interface Failure {
  readonly status?: number;
  readonly message?: string;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

/** A limit that lasts longer is an error: waiting costs the time of a runner. */
const MAX_WAIT = 60_000;
const FIRST_WAIT = 1000;

/**
 * Milliseconds to wait before the request is repeated; undefined if repeating it would not help.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 * @param isSafe whether the request may be repeated even if GitHub has carried it out
 * @param now milliseconds since 1970
 */
export function retryAfter(
  { status, response }: Failure,
  isSafe: boolean,
  attempt: number,
  now: number,
): number | undefined {
  const headers = response?.headers ?? {};
  const backOff = FIRST_WAIT * 2 ** (attempt - 1);
  if (status === 403 || status === 429) return bounded(limitOf(headers, status, now));
  if (status === undefined || status >= 500) return isSafe ? backOff : undefined;
  return undefined;
}

function limitOf(
  headers: Readonly<Record<string, string | number | undefined>>,
  status: number,
  now: number,
): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
  if (String(headers['x-ratelimit-remaining']) !== '0') return status === 429 ? MAX_WAIT : undefined;
  return Math.max(0, Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000 - now);
}

function bounded(milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined || Number.isNaN(milliseconds)) return undefined;
  return milliseconds <= MAX_WAIT ? milliseconds : undefined;
}
