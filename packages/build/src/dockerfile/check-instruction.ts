import { quote } from '@slipway/core';
import { hasArguments } from './arguments-of-instruction.ts';
import { type FlagKind, parseFlags } from './flags.ts';
import { isDocument } from './here-documents.ts';
import { mountedFrom } from './mounts.ts';
import type { Instruction } from './parse-instructions.ts';
import { trim, UnreadableDockerfile } from './unreadable.ts';

type Kinds = Readonly<Record<string, FlagKind>>;

const COPY: Kinds = { chown: 'string', chmod: 'string', link: 'boolean', exclude: 'strings' };

const FLAGS: Readonly<Record<string, Kinds>> = {
  add: { ...COPY, 'keep-git-dir': 'boolean', checksum: 'string', unpack: 'boolean' },
  copy: { ...COPY, from: 'string', parents: 'boolean' },
  from: { platform: 'string' },
  healthcheck: {
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  },
  run: { mount: 'strings', network: 'string', security: 'string', device: 'strings' },
};

/** Those whose flags BuildKit drops without a look at them. */
const FREE_FLAGS: ReadonlySet<string> = new Set(['arg', 'stopsignal']);

/** How many arguments an instruction has, if that is limited. */
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  add: [2, Infinity],
  arg: [1, Infinity],
  copy: [2, Infinity],
  env: [1, Infinity],
  expose: [1, Infinity],
  label: [1, Infinity],
  maintainer: [1, 1],
  onbuild: [1, Infinity],
  shell: [1, Infinity],
  stopsignal: [1, 1],
  user: [1, 1],
  volume: [1, Infinity],
  workdir: [1, 1],
};

export type FlagValues = ReadonlyMap<string, readonly string[]>;

type Check = (instruction: Instruction, flags: FlagValues) => boolean;

const CHECKS: Readonly<Record<string, Check>> = {
  add: ({ args }) => !isDocument(args.at(-1) ?? ''),
  arg: ({ args }) => args.every(arg => !arg.startsWith('=')),
  copy: ({ args }) => !isDocument(args.at(-1) ?? ''),
  env: ({ args }) => !args.includes(''),
  from: ({ args }) => args.length === 1 || isNamedStage(args),
  healthcheck: isHealthcheck,
  label: ({ args }) => !args.includes(''),
  onbuild: ({ args }) => !['ONBUILD', 'MAINTAINER', 'FROM'].includes(trim(args[0] ?? '').toUpperCase()),
  run: isRun,
  shell: ({ isJson }) => isJson,
  volume: ({ args }) => args.every(arg => trim(arg) !== ''),
};

/**
 * Checks an instruction as BuildKit's package frontend/dockerfile/instructions does, and returns its flags.
 * @throws UnreadableDockerfile
 */
export function checkInstruction(instruction: Instruction): FlagValues {
  const { name, args } = instruction;
  if (name !== 'onbuild' && !hasArguments(name))
    throw new UnreadableDockerfile(`${quote(name)} is not an instruction`);
  const [least, most] = COUNTS[name] ?? [0, Infinity];
  if (args.length < least || args.length > most)
    throw new UnreadableDockerfile(`${name} has a wrong number of arguments`);
  const flags = flagsOf(instruction);
  if (CHECKS[name]?.(instruction, flags) === false)
    throw new UnreadableDockerfile(`${name} has wrong arguments`);
  return flags;
}

function flagsOf({ name, flags, args }: Instruction): FlagValues {
  const isFree = FREE_FLAGS.has(name) || (name === 'healthcheck' && isNone(args));
  return isFree ? new Map() : parseFlags(flags, FLAGS[name] ?? {});
}

function isNamedStage([, as = '', stage = '', ...more]: readonly string[]): boolean {
  return as.toLowerCase() === 'as' && /^[a-z][a-z0-9-_.]*$/i.test(stage) && more.length === 0;
}

function isNone(args: readonly string[]): boolean {
  return args[0]?.toUpperCase() === 'NONE';
}

function isHealthcheck({ args }: Instruction, flags: FlagValues): boolean {
  if (args.length === 0) return false;
  if (isNone(args)) return args.length === 1;
  const [retries = ''] = flags.get('retries') ?? [];
  const times = ['interval', 'timeout', 'start-period', 'start-interval'];
  return (
    args[0]?.toUpperCase() === 'CMD' &&
    args.length > 1 &&
    /^(?:\+?\d{1,9}|-0+)?$/.test(retries) &&
    times.every(time => isDuration(flags.get(time)?.[0] ?? ''))
  );
}

/** A duration as Go writes it, such as `1m30s`. */
function isDuration(value: string): boolean {
  return /^(?:\+?(?:0|(?:\d{1,9}(?:\.\d{0,9})?(?:ms|s|m|h))+))?$/.test(value);
}

function isRun(_run: Instruction, flags: FlagValues): boolean {
  for (const mount of flags.get('mount') ?? []) mountedFrom(mount);
  const [network = 'default'] = flags.get('network') ?? [];
  const [security = 'sandbox'] = flags.get('security') ?? [];
  return ['default', 'none', 'host'].includes(network) && ['sandbox', 'insecure'].includes(security);
}
