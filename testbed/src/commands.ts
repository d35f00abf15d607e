import { SlipwayError } from '@slipway/core';
import type { CommandName, CommandOptions } from './arguments.ts';
import { pushBaseImages } from './base-images/base-image.ts';
import { ensureParts } from './build/build-parts.ts';
import type { Environment } from './build/machine.ts';
import { type PartName, partOfTool } from './build/parts.ts';
import { describe, shellExports } from './description.ts';
import type { TestbedErrorCode } from './error-codes.ts';
import { listTestbeds } from './run/folders.ts';
import type { OwnParts, Surroundings } from './run/options.ts';
import { neededParts } from './run/programs.ts';
import { startTestbed } from './run/start.ts';
import { findTestbed } from './run/testbed.ts';
import { isFetchedTool, toolPath } from './tools.ts';

interface CommandSurroundings extends Surroundings {
  print(text: string): void;
}

type Command = (
  options: CommandOptions,
  surroundings: CommandSurroundings,
  interrupted: AbortSignal,
) => Promise<void>;

export const COMMANDS: Readonly<Record<CommandName, Command>> = { up, down, status, env, build };

async function up(
  options: CommandOptions,
  surroundings: CommandSurroundings,
  signal: AbortSignal,
): Promise<void> {
  const testbed = await startTestbed({ ...startOptions(options, surroundings), signal }, surroundings);
  if (options.baseImages && testbed.registry !== undefined)
    await pushBaseImages(testbed.registry, surroundings);
  surroundings.print(describe(testbed));
  if (options.detach) {
    await testbed.detach();
    surroundings.print(`Stop it with: npm run testbed -- down --name ${options.name}\n`);
    return;
  }
  surroundings.print('Stop it with Ctrl-C.\n');
  await untilAborted(signal);
  await testbed.stop();
}

function startOptions(options: CommandOptions, { environment }: Surroundings) {
  const { parts, kubernetes, nodes, registryAuth, name } = options;
  return {
    parts,
    name,
    registryAuth,
    use: {
      ...(options.useKubeconfig && { kubeconfig: required('KUBECONFIG', environment) }),
      ...(options.useAssets && { assets: required('KUBEBUILDER_ASSETS', environment) }),
      docker: options.useDocker,
    } satisfies OwnParts,
    ...(kubernetes !== undefined && { kubernetes }),
    ...(nodes !== undefined && { nodes }),
  };
}

function required(variable: string, environment: Environment): string {
  const value = environment[variable];
  if (value) return value;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-option',
    message: `${variable} is not set`,
    remedy: 'set it, or leave the --use option out',
  });
}

async function down(options: CommandOptions, surroundings: CommandSurroundings): Promise<void> {
  const testbed = await findTestbed(options.name, surroundings);
  await testbed.stop();
  surroundings.print(`The testbed ${options.name} was stopped.\n`);
}

async function status(_options: CommandOptions, surroundings: CommandSurroundings): Promise<void> {
  const names = await listTestbeds(surroundings.environment);
  if (names.length === 0) surroundings.print('No testbed runs.\n');
  for (const name of names) {
    const testbed = await findTestbed(name, surroundings).catch(() => undefined);
    surroundings.print(testbed === undefined ? `${name}: starting\n` : `${name}:\n${describe(testbed)}`);
  }
}

async function env(options: CommandOptions, surroundings: CommandSurroundings): Promise<void> {
  const testbed = await findTestbed(options.name, surroundings);
  surroundings.print(shellExports(testbed));
}

async function build(
  options: CommandOptions,
  surroundings: CommandSurroundings,
  signal: AbortSignal,
): Promise<void> {
  const names = new Set<PartName>([...neededParts(options.parts), 'base-image']);
  const fetched = options.tools.filter(isFetchedTool);
  for (const tool of options.tools) if (!isFetchedTool(tool)) names.add(partOfTool(tool).name);
  const { environment, progress } = surroundings;
  const folders = await ensureParts([...names], options.kubernetes, { environment, progress, signal });
  for (const [name, folder] of folders) surroundings.print(`${name}: ${folder}\n`);
  for (const tool of fetched)
    surroundings.print(`${tool}: ${await toolPath(tool, { ...surroundings, signal })}\n`);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  // A timer, because a listener alone does not keep the process alive.
  const alive = setInterval(() => {}, 1 << 30);
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
  clearInterval(alive);
}
