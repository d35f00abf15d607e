/** What octokit throws; there is no status if GitHub did not answer. */
export interface Failure {
  readonly status?: number;
  readonly message?: string;
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> };
}

/** A limit that lasts longer is an error: waiting costs the time of a runner. */
const MAX_WAIT = 60_000;
const FIRST_WAIT = 1000;
/** What GitHub asks for at least if it does not say how long. */
const MINUTE = 60_000;

/**
 * Milliseconds to wait before the request is repeated; undefined if repeating it would not help.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 * @param isSafe whether the request may be repeated even if GitHub has carried it out
 * @param now milliseconds since 1970
 */
export function retryAfter(
  failure: Failure,
  isSafe: boolean,
  attempt: number,
  now: number,
): number | undefined {
  const { status, response } = failure;
  const backOff = FIRST_WAIT * 2 ** (attempt - 1);
  if (status === 403 || status === 429)
    return bounded(limitOf(failure, response?.headers ?? {}, attempt, now));
  if (status === undefined || status >= 500) return isSafe ? backOff : undefined;
  return undefined;
}

/** Whether GitHub refused a request because of those before it. A secondary limit has the status of a missing permission. */
export function isLimited({ status, message = '', response }: Failure): boolean {
  if (status === 429) return true;
  const headers = response?.headers ?? {};
  return (
    status === 403 &&
    (headers['retry-after'] !== undefined ||
      String(headers['x-ratelimit-remaining']) === '0' ||
      /secondary rate limit/i.test(message))
  );
}

function limitOf(
  failure: Failure,
  headers: Readonly<Record<string, string | number | undefined>>,
  attempt: number,
  now: number,
): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds) * 1000;
  if (String(headers['x-ratelimit-remaining']) === '0')
    return Math.max(0, Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000 - now);
  return isLimited(failure) ? MINUTE * 2 ** (attempt - 1) : undefined;
}

function bounded(milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined || Number.isNaN(milliseconds)) return undefined;
  return milliseconds <= MAX_WAIT ? milliseconds : undefined;
}
