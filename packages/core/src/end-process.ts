/** What of Node's process is needed to end it. */
export interface EndingProcess {
  exitCode?: number | string | null | undefined;
  exit(): void;
  /** Node's own, without documentation: sockets, servers, pipes and running programs. */
  _getActiveHandles?(): readonly { unref?(): unknown }[];
}

/** Milliseconds that whatever else keeps the process may take to end by itself. */
const GRACE = 500;

/**
 * Ends the process once all is done, although connections are open that no one uses. It ends by itself as soon as nothing keeps it, since
 * `process.exit` waits for V8's threads while one of them may wait for this one to collect garbage, and then the process never ends
 * (https://github.com/nodejs/node/issues/54918).
 */
export function endProcess(process: EndingProcess, exitCode: number): void {
  process.exitCode = exitCode;
  for (const handle of process._getActiveHandles?.() ?? []) handle.unref?.();
  setTimeout(() => process.exit(), GRACE).unref();
}
