import { parseArgs } from 'node:util';
import { SlipwayError } from '@slipway/core';
import { DEBIAN_TOOLS } from './build/debian.ts';
import { NPM_TOOLS } from './build/npm.ts';
import { TOOL_NAMES as BUILT_TOOLS, type ToolName } from './build/parts.ts';
import { PYTHON_TOOLS } from './build/python.ts';
import type { TestbedErrorCode } from './error-codes.ts';
import type { TestbedPart } from './run/options.ts';
import type { RegistryAuth } from './run/registry.ts';
import type { FetchedTool } from './tools.ts';

const TOOL_NAMES = [...BUILT_TOOLS, ...DEBIAN_TOOLS, ...NPM_TOOLS, ...PYTHON_TOOLS];

export const USAGE = `npm run testbed -- <command> [options]

  up      build what is missing, start, and stay until Ctrl-C
  down    stop a testbed that was left running
  status  the testbeds that run
  env     print a running testbed as shell variables: eval "$(npm run --silent testbed -- env)"
  build   build only

  --name <name>             of a testbed that is left running (default: default)
  --detach                  up: leave it running
  --parts <list>            cluster, registry, buildkit, node (default: all but node, which is a real one)
  --tools <list>            build: also ${TOOL_NAMES.join(', ')}
  --kubernetes <version>    1.33 to 1.37 (default: 1.36)
  --nodes <number>          nodes that kwok plays (default: 3)
  --registry-auth <kind>    none, basic or token (default: none)
  --base-images             up: push the base images of the examples
  --use-kubeconfig          the cluster of KUBECONFIG instead of a new one
  --use-docker              a running Docker for the registry and BuildKit, instead of building them
  --use-assets              etcd, kube-apiserver and what else KUBEBUILDER_ASSETS has, instead of building them
`;

const DEFAULT_NAME = 'default';
const DEFAULT_PARTS: readonly TestbedPart[] = ['cluster', 'registry', 'buildkit'];
const PARTS: readonly TestbedPart[] = [...DEFAULT_PARTS, 'node'];
const AUTHS: readonly RegistryAuth[] = ['none', 'basic', 'token'];

export interface CommandOptions {
  readonly name: string;
  readonly detach: boolean;
  readonly parts: readonly TestbedPart[];
  readonly tools: readonly (ToolName | FetchedTool)[];
  readonly kubernetes: string | undefined;
  readonly nodes: number | undefined;
  readonly registryAuth: RegistryAuth;
  readonly baseImages: boolean;
  readonly useKubeconfig: boolean;
  readonly useAssets: boolean;
  readonly useDocker: boolean;
}

const COMMAND_NAMES = ['up', 'down', 'status', 'env', 'build'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/** Parses the command line; without a command, or with `--help`, the usage is shown. @throws SlipwayError `testbed-option` */
export function parseCommand(args: readonly string[]): {
  readonly command: CommandName | undefined;
  readonly options: CommandOptions;
} {
  const { values, positionals } = parse(args);
  const [command] = values.help ? [] : positionals;
  if (command !== undefined && !isCommand(command)) {
    throw unknown('command', command, COMMAND_NAMES);
  }
  const options = {
    name: oneName(values.name ?? DEFAULT_NAME),
    detach: values.detach ?? false,
    parts: listOf('part', values.parts, PARTS) ?? DEFAULT_PARTS,
    tools: listOf('tool', values.tools, TOOL_NAMES) ?? [],
    kubernetes: values.kubernetes,
    nodes: values.nodes === undefined ? undefined : count(values.nodes),
    registryAuth: listOf('registry-auth', values['registry-auth'], AUTHS)?.[0] ?? 'none',
    baseImages: values['base-images'] ?? false,
    useKubeconfig: values['use-kubeconfig'] ?? false,
    useAssets: values['use-assets'] ?? false,
    useDocker: values['use-docker'] ?? false,
  };
  return { command, options };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
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

function isCommand(word: string): word is CommandName {
  return (COMMAND_NAMES as readonly string[]).includes(word);
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
    message: `${JSON.stringify(given)} is not a valid ${what}`,
    remedy: `use ${known.join(', ')}`,
  });
}
