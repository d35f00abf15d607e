import { parseArgs } from 'node:util';
import { SlipwayError } from '@slipway/core';
import { ensureParts } from './build/build-parts.ts';
import type { Environment } from './build/machine.ts';
import { type PartName, partOfTool, TOOL_NAMES, type ToolName } from './build/parts.ts';
import type { TestbedErrorCode } from './error-codes.ts';
import { pushBaseImages } from './images/base-image.ts';
import { listTestbeds } from './run/folders.ts';
import type { OwnParts, Surroundings, Testbed, TestbedPart } from './run/options.ts';
import { neededParts } from './run/programs.ts';
import type { RegistryAuth } from './run/registry.ts';
import { startTestbed } from './run/start.ts';
import { findTestbed } from './run/testbed.ts';

export const USAGE = `npm run testbed -- <command> [options]

  up      build what is missing, start, and stay until Ctrl-C
  down    stop a testbed that was left running
  status  the testbeds that run
  env     print a running testbed as shell variables: eval "$(npm run --silent testbed -- env)"
  build   build only

  --name <name>             of a testbed that is left running (default: default)
  --detach                  up: leave it running
  --parts <list>            cluster, registry, buildkit (default: all three)
  --tools <list>            build: also ${TOOL_NAMES.join(', ')}
  --kubernetes <version>    1.32 to 1.36 (default: 1.36)
  --nodes <number>          nodes that kwok plays (default: 3)
  --registry-auth <kind>    none, basic or token (default: none)
  --base-images             up: push the base images of the examples
  --use-kubeconfig          the cluster of KUBECONFIG instead of one of its own
  --use-docker              a running Docker for the registry and BuildKit, instead of building them
  --use-assets              etcd, kube-apiserver and what else KUBEBUILDER_ASSETS has, instead of building them
`;

const DEFAULT_NAME = 'default';
const PARTS: readonly TestbedPart[] = ['cluster', 'registry', 'buildkit'];
const AUTHS: readonly RegistryAuth[] = ['none', 'basic', 'token'];

export interface CommandOptions {
  readonly name: string;
  readonly detach: boolean;
  readonly parts: readonly TestbedPart[];
  readonly tools: readonly ToolName[];
  readonly kubernetes: string | undefined;
  readonly nodes: number | undefined;
  readonly registryAuth: RegistryAuth;
  readonly baseImages: boolean;
  readonly useKubeconfig: boolean;
  readonly useAssets: boolean;
  readonly useDocker: boolean;
}

export type CommandName = 'up' | 'down' | 'status' | 'env' | 'build';

interface CommandSurroundings extends Surroundings {
  print(text: string): void;
}

type Command = (
  options: CommandOptions,
  surroundings: CommandSurroundings,
  interrupted: AbortSignal,
) => Promise<void>;

/** Reads the command line; no command means that the usage is wanted. Throws testbed-option. */
export function parseCommand(args: readonly string[]): {
  readonly command: CommandName | undefined;
  readonly options: CommandOptions;
} {
  const { values, positionals } = parse(args);
  const [command] = positionals;
  if (command !== undefined && !Object.hasOwn(COMMANDS, command)) {
    throw unknown('command', command, Object.keys(COMMANDS));
  }
  const options = {
    name: oneName(values.name ?? DEFAULT_NAME),
    detach: values.detach ?? false,
    parts: listOf('part', values.parts, PARTS) ?? PARTS,
    tools: listOf('tool', values.tools, TOOL_NAMES) ?? [],
    kubernetes: values.kubernetes,
    nodes: values.nodes === undefined ? undefined : count(values.nodes),
    registryAuth: listOf('registry-auth', values['registry-auth'], AUTHS)?.[0] ?? 'none',
    baseImages: values['base-images'] ?? false,
    useKubeconfig: values['use-kubeconfig'] ?? false,
    useAssets: values['use-assets'] ?? false,
    useDocker: values['use-docker'] ?? false,
  };
  return { command: command as CommandName | undefined, options };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        detach: { type: 'boolean' },
        parts: { type: 'string' },
        tools: { type: 'string' },
        kubernetes: { type: 'string' },
        nodes: { type: 'string' },
        'registry-auth': { type: 'string' },
        'base-images': { type: 'boolean' },
        'use-kubeconfig': { type: 'boolean' },
        'use-assets': { type: 'boolean' },
        'use-docker': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new SlipwayError<TestbedErrorCode>({
      code: 'testbed-option',
      message: error instanceof Error ? error.message : 'the command line cannot be read',
      remedy: 'run `npm run testbed` for a list of the options',
    });
  }
}

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
  surroundings.print(`The testbed ${options.name} is gone.\n`);
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
  const lines = Object.entries(variables(testbed)).map(
    ([name, value]) => `export ${name}=${quoteForShell(value)}\n`,
  );
  surroundings.print(lines.join(''));
}

async function build(
  options: CommandOptions,
  surroundings: CommandSurroundings,
  signal: AbortSignal,
): Promise<void> {
  const names = new Set<PartName>([...neededParts(options.parts), 'base-image']);
  for (const tool of options.tools) names.add(partOfTool(tool).name);
  const { environment, progress } = surroundings;
  const folders = await ensureParts([...names], options.kubernetes, { environment, progress, signal });
  for (const [name, folder] of folders) surroundings.print(`${name}: ${folder}\n`);
}

/** How to look around in a testbed, for a person. */
function describe(testbed: Testbed): string {
  const { cluster, registry, buildkit } = testbed;
  const lines = [
    cluster && `  kubectl   ${cluster.kubectl} --kubeconfig ${cluster.kubeconfig}`,
    registry &&
      `  registry  http://${registry.address}${registry.username ? ` (${registry.username}:${registry.password})` : ''}`,
    buildkit && `  buildkit  ${buildkit.buildctl} --addr ${buildkit.address}`,
    `  logs      ${testbed.directory}/logs`,
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

/** A testbed as environment variables: those that programs know, and the testbed's own. */
function variables({ directory, cluster, registry, buildkit }: Testbed): Record<string, string> {
  return {
    SLIPWAY_TESTBED: directory,
    ...(cluster && { KUBECONFIG: cluster.kubeconfig, SLIPWAY_TESTBED_KUBECTL: cluster.kubectl }),
    ...(registry && { SLIPWAY_TESTBED_REGISTRY: registry.address }),
    ...(registry?.dockerConfig && { DOCKER_CONFIG: registry.dockerConfig }),
    ...(buildkit && { BUILDKIT_HOST: buildkit.address, SLIPWAY_TESTBED_BUILDCTL: buildkit.buildctl }),
  };
}

function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
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

function listOf<Word extends string>(
  what: string,
  text: string | undefined,
  known: readonly Word[],
): readonly Word[] | undefined {
  const words = text?.split(',').map(word => word.trim());
  const wrong = words?.find(word => !(known as readonly string[]).includes(word));
  if (wrong !== undefined) throw unknown(what, wrong, known);
  return words as readonly Word[] | undefined;
}

function count(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw unknown('number of nodes', text, ['0 to 99999']);
}

function oneName(text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(text) && !text.startsWith('run-')) return text;
  throw unknown('name', text, ['lower-case letters, digits and dashes, at most 40']);
}

function unknown(what: string, given: string, known: readonly string[]): SlipwayError {
  return new SlipwayError<TestbedErrorCode>({
    code: 'testbed-option',
    message: `the testbed has no ${what} ${JSON.stringify(given)}`,
    remedy: `give ${known.join(', ')}`,
  });
}
