import { isName, type RecordKeys, SlipwayError } from '@slipway/core';
import { type InputReader, readRecordKeys } from '@slipway/github';
import { parseAllowances, type SecretAllowance, type VaultSettings } from '@slipway/secrets';
import { readVault, refuseClosedStores } from './vault-inputs.ts';

export const MODES = ['apply', 'plan', 'rollback', 'destroy', 'releases'] as const;
export const PRUNE_CHOICES = ['after-success', 'now', 'off'] as const;

export interface Inputs {
  /** A rendered tree, or files, folders and globs of plain manifests. */
  readonly manifests: readonly string[];
  /** Empty: not compared. */
  readonly digest: string;
  /** Path of slipway.yaml, or the application's name for plain manifests; empty: found out. */
  readonly application: string;
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly mode: (typeof MODES)[number];
  /** A release by number or deployment tag; empty: the previous one, or the newest. */
  readonly to: string;
  readonly against: string;
  /** `<application>/<formation>`, for `destroy`. */
  readonly confirm: string;
  /** What may be read at all. */
  readonly secrets: readonly SecretAllowance[];
  /** Undefined without an address. */
  readonly vault: VaultSettings | undefined;
  /** Policies and packs beyond the formation's. */
  readonly policies: readonly string[];
  readonly packs: readonly string[];
  /** Files with waivers and CustomResourceDefinitions beyond those of the application. */
  readonly waivers: readonly string[];
  readonly crds: readonly string[];
  /** For GitHub's API; empty without one. */
  readonly token: string;
  readonly prune: (typeof PRUNE_CHOICES)[number];
  readonly adopt: boolean;
  readonly forceConflicts: boolean;
  readonly allowOlder: boolean;
  readonly reason: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly lockTimeout: number;
  /** Instead of `spec.registry`. */
  readonly registry: string;
  /** What records are signed with, and snapshots and verdicts have to be. */
  readonly recordKeys: RecordKeys | undefined;
  /** Registries, as `host:port`, that are spoken to without TLS. */
  readonly plainHttpRegistries: readonly string[];
}

/** A DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const DEFAULT_TIMEOUT = 10 * 60_000;
const DEFAULT_LOCK_TIMEOUT = 10 * 60_000;

export function readInputs(reader: InputReader): Inputs {
  const mode = reader.choice('mode', MODES, 'apply');
  if (mode === 'apply' || mode === 'plan') reader.required('manifests');
  const secrets = readAllowances(reader);
  const vault = readVault(reader);
  if (mode === 'apply') refuseClosedStores(reader, secrets, vault);
  return {
    manifests: reader.list('manifests'),
    digest: readDigest(reader),
    application: reader.text('application'),
    formation: readName(reader, 'formation'),
    destination: readName(reader, 'destination'),
    namespace: readNamespace(reader),
    kubeconfig: reader.text('kubeconfig'),
    context: reader.text('context'),
    mode,
    to: reader.text('to'),
    against: reader.text('against'),
    confirm: reader.text('confirm'),
    secrets,
    vault,
    policies: reader.list('policies'),
    packs: reader.list('packs'),
    waivers: reader.list('waivers'),
    crds: reader.list('crds'),
    token: reader.text('token'),
    prune: reader.choice('prune', PRUNE_CHOICES, 'after-success'),
    adopt: reader.flag('adopt', false),
    forceConflicts: reader.flag('force-conflicts', false),
    allowOlder: reader.flag('allow-older', false),
    reason: reader.text('reason'),
    timeout: reader.duration('timeout') ?? DEFAULT_TIMEOUT,
    lockTimeout: reader.duration('lock-timeout') ?? DEFAULT_LOCK_TIMEOUT,
    registry: reader.text('registry'),
    recordKeys: readRecordKeys(reader),
    plainHttpRegistries: reader.list('plain-http-registries'),
  };
}

function readDigest(reader: InputReader): string {
  const digest = reader.text('digest');
  if (digest !== '' && !DIGEST.test(digest))
    reader.problem('digest', 'is no digest', 'give the output "digest" of render-stencil');
  return digest;
}

function readName(reader: InputReader, input: 'formation' | 'destination'): string {
  const name = reader.text(input);
  if (name !== '' && !isName(name))
    reader.problem(
      input,
      `is no name of a ${input}`,
      'name exactly one: a-z, 0-9 and -, at most 40 characters',
    );
  return name;
}

function readNamespace(reader: InputReader): string {
  const namespace = reader.text('namespace');
  if (namespace !== '' && !NAMESPACE.test(namespace))
    reader.problem('namespace', 'is no name of a namespace', 'use a-z, 0-9 and -, at most 63 characters');
  return namespace;
}

function readAllowances(reader: InputReader): SecretAllowance[] {
  try {
    return parseAllowances(reader.list('secrets'));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    for (const { message, remedy } of error.problems)
      reader.problem(
        'secrets',
        message.replace(/^input "secrets" /, ''),
        remedy ?? 'write one store=name per line',
      );
    return [];
  }
}
