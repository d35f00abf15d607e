import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import type { Part } from './parts.ts';

const run = promisify(execFile);
const OLDEST_GO = [1, 26] as const;

/** The environment that decides where programs and caches are found. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The path of a program on PATH, or undefined. */
export async function findProgram(name: string, environment: Environment): Promise<string | undefined> {
  for (const folder of (environment['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return undefined;
}

/** Go's version, such as "go1.26.8"; without Go, or with a version that is too old, an error names the alternatives. */
export async function requireGo(part: Part, environment: Environment): Promise<string> {
  requireLinux();
  const go = await findProgram('go', environment);
  if (go === undefined) throw withoutGo(part, 'this machine has no Go');
  const { stdout } = await run(go, ['env', 'GOVERSION', 'GOTOOLCHAIN'], { env: { ...environment } });
  const [version = '', toolchain = ''] = stdout.split('\n');
  if (isOlder(version) && toolchain === 'local') throw withoutGo(part, `this machine's Go is ${version}`);
  return version;
}

/** runc needs cgo, and cgo needs a C compiler. */
export async function requireCompiler(environment: Environment): Promise<void> {
  const compiler = environment['CC'] ?? 'gcc';
  if ((await findProgram(compiler, environment)) !== undefined) return;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: 'runc cannot be built: this machine has neither runc nor a C compiler',
    remedy: 'install one of them (`apt-get install runc` or `apt-get install gcc libc6-dev`)',
  });
}

export function requireLinux(platform: string = process.platform): void {
  if (platform === 'linux') return;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: `the testbed runs on Linux only, not on ${platform}`,
    remedy: 'run it on a Linux machine or in a container, or use your own cluster with --use-kubeconfig',
  });
}

/** BuildKit and the real node mount file systems, which needs root. */
export function requireRoot(part: 'buildkit' | 'node', user: number | undefined = process.getuid?.()): void {
  if (user === 0) return;
  const instead = {
    buildkit: 'leave buildkit out and use a running Docker with --use-docker',
    node: 'leave node out: pods then run on nodes that kwok plays',
  };
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: `the testbed's ${part === 'node' ? 'real node' : 'BuildKit'} needs root`,
    remedy: `run the command with sudo -E, or ${instead[part]}`,
  });
}

function isOlder(version: string): boolean {
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  const [wantedMajor, wantedMinor] = OLDEST_GO;
  return Number(major) < wantedMajor || (Number(major) === wantedMajor && Number(minor) < wantedMinor);
}

function withoutGo(part: Part, why: string): SlipwayError {
  const instead: Partial<Record<Part['name'], string>> = {
    'control-plane':
      ', or use what you have: KUBECONFIG with --use-kubeconfig, or KUBEBUILDER_ASSETS with --use-assets',
    registry: ', or use a running Docker with --use-docker',
    buildkit: ', or use a running Docker with --use-docker',
  };
  return new SlipwayError<TestbedErrorCode>({
    code: 'testbed-machine',
    message: `${part.name} cannot be built: ${why}`,
    remedy: `install Go ${OLDEST_GO.join('.')} or newer (https://go.dev/dl)${instead[part.name] ?? ''}`,
  });
}
