/**
 * Milliseconds that a cancelled run has to record where it stopped. The runner kills it after 7.5 s:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
const GRACE = 5_000;

/** A signal that aborts after `signal`, late enough for the last requests of a cancelled run. */
export function withGrace(signal: AbortSignal, milliseconds: number = GRACE): AbortSignal {
  const late = new AbortController();
  const abort = () => setTimeout(() => late.abort(signal.reason), milliseconds).unref();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return late.signal;
}
