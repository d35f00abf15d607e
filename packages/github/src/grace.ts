/**
 * A run that is cancelled stops at once, and has this long to note where it stopped. The runner kills it after 7.5 s:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
const GRACE = 5_000;

/** Aborts as `signal` does, but so much later that what a cancelled run has to put in order can still be sent. */
export function withGrace(signal: AbortSignal, milliseconds: number = GRACE): AbortSignal {
  const late = new AbortController();
  const abort = () => setTimeout(() => late.abort(signal.reason), milliseconds).unref();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
