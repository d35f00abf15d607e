import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type ProcessIdentity, processIdentity } from '../process-identity.ts';
import type { SupervisedProcess, SupervisorMessage, SupervisorOrder } from './supervision.ts';

// This process starts all processes of one testbed and outlives its own starter just long enough to end them: when the starter's
// end of standard input closes, by exit, kill -9 or a crash, all processes end and the folder is removed.

const GRACE_MILLISECONDS = 5_000;

const [, , folder = ''] = process.argv;
const CHILDREN = new Map<string, { readonly child: ChildProcess; readonly gentle: boolean }>();
const IDENTITIES: ProcessIdentity[] = [];
const CLEANUPS: (readonly string[])[] = [];
let detached = false;

function say(message: SupervisorMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function start(wanted: SupervisedProcess): void {
  if (wanted.cleanup !== undefined) {
    CLEANUPS.push(wanted.cleanup);
    writeFileSync(join(folder, 'cleanups.json'), JSON.stringify(CLEANUPS));
  }
  const log = openSync(join(folder, 'logs', `${wanted.name}.log`), 'a');
  const child = spawn(wanted.command, wanted.args, {
    cwd: folder,
    env: { ...process.env, ...wanted.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  CHILDREN.set(wanted.name, { child, gentle: wanted.gentle === true });
  child.on('error', error => ended(wanted.name, child, error.message));
  child.on('exit', (code, signal) => ended(wanted.name, child, signal ?? `status ${code}`));
  if (child.pid !== undefined) void record(child.pid);
}

/** For whoever sweeps after this process itself was killed. */
async function record(pid: number): Promise<void> {
  const identity = await processIdentity(pid);
  if (identity === undefined) return;
  IDENTITIES.push(identity);
  writeFileSync(join(folder, 'processes.json'), JSON.stringify(IDENTITIES));
}

function ended(name: string, child: ChildProcess, how: string): void {
  // A process of the same name may have been started again meanwhile.
  if (CHILDREN.get(name)?.child !== child) return;
  CHILDREN.delete(name);
  say({ ended: name, how });
}

async function stopChild(name: string): Promise<void> {
  const entry = CHILDREN.get(name);
  if (entry === undefined) return;
  const gone = new Promise(resolve => entry.child.once('exit', resolve));
  entry.child.kill(entry.gentle ? 'SIGTERM' : 'SIGKILL');
  const timer = setTimeout(() => entry.child.kill('SIGKILL'), GRACE_MILLISECONDS);
  await gone;
  clearTimeout(timer);
}

async function stopAll(keepLogs: boolean): Promise<void> {
  await Promise.all([...CHILDREN.keys()].map(stopChild));
  for (const [command = '', ...args] of CLEANUPS) spawnSync(command, args, { stdio: 'ignore' });
  if (!keepLogs) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}

function obey(order: SupervisorOrder): void {
  if (order.order === 'start') start(order.process);
  else if (order.order === 'end') void stopChild(order.name);
  else if (order.order === 'stop') void stopAll(order.keepLogs);
  else {
    detached = true;
    say({ detached: true });
  }
}

// There is no reader any more once the starter has ended.
process.stdout.on('error', () => {});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stopAll(false));
createInterface({ input: process.stdin })
  .on('line', line => obey(JSON.parse(line) as SupervisorOrder))
  .on('close', () => {
    if (!detached) void stopAll(false);
  });
say({ ready: true });
