import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SlipwayError } from '@slipway/core';
import { type Environment, findProgram } from '../build/machine.ts';
import type { TestbedErrorCode } from '../error-codes.ts';
import { processIdentity } from '../process-identity.ts';

/** A process that the supervisor starts and ends. Its output goes to logs/<name>.log in the testbed's folder. */
export interface SupervisedProcess {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** It cleans up at its end, so that SIGTERM precedes SIGKILL. */
  readonly gentle?: boolean;
  /** A command and its arguments that clean up after the process if it is killed. */
  readonly cleanup?: readonly string[];
}

export type SupervisorOrder =
  | { readonly order: 'start'; readonly process: SupervisedProcess }
  | { readonly order: 'end'; readonly name: string }
  | { readonly order: 'detach' }
  | { readonly order: 'stop'; readonly keepLogs: boolean };

export type SupervisorMessage =
  | { readonly ready: true }
  | { readonly ended: string; readonly how: string }
  | { readonly detached: true };

/** The starter's side of the supervisor process. */
export interface Supervision {
  start(process: SupervisedProcess): void;
  /** Ends one process, as a crash would. */
  end(name: string): Promise<void>;
  /** Fails with testbed-start once that process has ended; `ready` and `signal` are the other ways out. */
  until<Result>(name: string, ready: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** From now on the testbed does not keep this process alive; when it ends, so does the testbed. */
  letGo(): void;
  /** Lets the testbed outlive this process. */
  detach(): Promise<void>;
  stop(keepLogs: boolean): Promise<void>;
}

const SUPERVISOR = fileURLToPath(new URL('./supervisor.ts', import.meta.url));

/** Starts a supervisor in a testbed's folder, and notes it there for the sweeper. */
export async function startSupervision(folder: string, environment: Environment): Promise<Supervision> {
  await mkdir(join(folder, 'logs'), { recursive: true });
  const logPath = join(folder, 'logs', 'supervisor.log');
  const log = openSync(logPath, 'a');
  const args = ['--conditions=slipway-source', SUPERVISOR, folder];
  // A test runner's NODE_OPTIONS are not meant for it. The daemons are Go programs that live for minutes: they take more memory, and
  // leave a quarter of their processor time to the tests.
  const env = { GOGC: '400', ...environment, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', log], env });
  closeSync(log);
  const messages = new Messages(child, logPath);
  await messages.next('ready');
  const identity = child.pid === undefined ? undefined : await processIdentity(child.pid);
  await writeFile(join(folder, 'supervisor.json'), JSON.stringify(identity));
  const setpriv = await findProgram('setpriv', environment);
  return supervision(folder, child, messages, wanted => tied(wanted, setpriv));
}

function supervision(
  folder: string,
  child: ChildProcess,
  messages: Messages,
  tie: (wanted: SupervisedProcess) => SupervisedProcess,
): Supervision {
  const send = (order: SupervisorOrder) => void child.stdin?.write(`${JSON.stringify(order)}\n`);
  return {
    start: wanted => {
      messages.forget(wanted.name);
      send({ order: 'start', process: tie(wanted) });
    },
    async end(name) {
      send({ order: 'end', name });
      await messages.ended(name);
    },
    async until(name, ready) {
      const done = new AbortController();
      try {
        const ended = messages.ended(name).then(how => fail(folder, name, how));
        return await Promise.race([ready(done.signal), ended]);
      } finally {
        done.abort();
      }
    },
    letGo: () => setReference(child, 'unref'),
    async detach() {
      setReference(child, 'ref');
      send({ order: 'detach' });
      await messages.next('detached');
      child.stdin?.end();
      child.stdout?.destroy();
      setReference(child, 'unref');
    },
    async stop(keepLogs) {
      setReference(child, 'ref');
      if (child.stdin?.writable) send({ order: 'stop', keepLogs });
      else child.kill('SIGTERM');
      await messages.next('exit');
    },
  };
}

/** The kernel ends a process tied like this when its supervisor is killed. Without setpriv, the next start sweeps it up. */
function tied(wanted: SupervisedProcess, setpriv: string | undefined): SupervisedProcess {
  if (setpriv === undefined) return wanted;
  return { ...wanted, command: setpriv, args: ['--pdeathsig', 'KILL', '--', wanted.command, ...wanted.args] };
}

async function fail(folder: string, name: string, how: string): Promise<never> {
  const log = join(folder, 'logs', `${name}.log`);
  const text = await readFile(log, 'utf8').catch(() => '');
  throw new ProcessEnded(name, how, log, /address already in use/.test(text));
}

/** A process of the testbed ended although it was needed. */
export class ProcessEnded extends SlipwayError<TestbedErrorCode> {
  /** Another process took its port before the start. */
  readonly portTaken: boolean;

  constructor(name: string, how: string, log: string, portTaken: boolean) {
    super({
      code: 'testbed-start',
      message: `${name} of the testbed ended with ${how}`,
      remedy: `see ${log}`,
    });
    this.portTaken = portTaken;
  }
}

/** An open pipe to the supervisor would keep a script alive that has nothing else to do. */
function setReference(child: ChildProcess, how: 'ref' | 'unref'): void {
  child[how]();
  for (const stream of [child.stdin, child.stdout]) (stream as Socket | null)?.[how]();
}

/** What the supervisor says, for those who wait for it. */
class Messages {
  readonly #ended = new Map<string, string>();
  readonly #seen = new Set<string>();
  readonly #waiting = new Set<() => void>();

  readonly #log: string;

  constructor(child: ChildProcess, log: string) {
    this.#log = log;
    child.on('exit', () => this.#add('exit'));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', line => {
      const message = JSON.parse(line) as SupervisorMessage;
      if ('ended' in message) this.#ended.set(message.ended, message.how);
      else this.#seen.add(Object.keys(message)[0] ?? '');
      this.#wake();
    });
  }

  async next(kind: 'ready' | 'detached' | 'exit'): Promise<void> {
    while (!this.#seen.has(kind)) {
      if (this.#seen.has('exit')) throw new ProcessEnded('supervisor', 'no word', this.#log, false);
      await this.#more();
    }
  }

  async ended(name: string): Promise<string> {
    for (;;) {
      const how = this.#ended.get(name);
      if (how !== undefined) return how;
      if (this.#seen.has('exit')) return 'its supervisor';
      await this.#more();
    }
  }

  forget(name: string): void {
    this.#ended.delete(name);
  }

  #add(kind: string): void {
    this.#seen.add(kind);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #more(): Promise<void> {
    return new Promise(resolve => this.#waiting.add(resolve));
  }
}
