import {
  type ClusterInputs,
  type RegistryInputs,
  readClusterInputs,
  readConfigChoice,
  readDestinationName,
  readFormationName,
  readNamespace,
  readPacks,
  readRegistryInputs,
} from '@slipway/action-kit';
import { defined } from '@slipway/core';
import type {
  AddedRules,
  ApplyManifestsRequest,
  CompareManifestsRequest,
  DestroyRequest,
  ForgetRequest,
  FormationChoice,
  HoldRequest,
  LiftHoldRequest,
  ListReleasesRequest,
  ManifestsChoice,
  PlanManifestsRequest,
  RecoverRequest,
  ReleaseOptions,
  RollBackRequest,
  RoomRequest,
  StatusRequest,
  SweepRequest,
} from '@slipway/delivery';
import type { InputReader } from '@slipway/github';
import { namesOfSecrets } from '@slipway/secrets';
import { readAllow } from './allow.ts';
import { readHoldEnd } from './hold-end.ts';
import { readPlanned } from './planned-from.ts';
import { readSecretAccess } from './stores.ts';

export const MODES = [
  'apply',
  'plan',
  'rollback',
  'hold',
  'lift-hold',
  'destroy',
  'sweep',
  'room',
  'forget',
  'releases',
  'status',
  'recover-plan',
  'recover',
] as const;
export const ISSUE_CHOICES = ['off', 'attention', 'waiting'] as const;
export const FULL_CHOICES = ['notice', 'fail'] as const;
export const PRUNE_CHOICES = ['after-success', 'now', 'off'] as const;

/** What every mode needs besides its request. */
interface Access {
  readonly cluster: ClusterInputs;
  readonly registries: RegistryInputs;
  /** For GitHub's API; empty without one. */
  readonly token: string;
  /** For which pull request or branch an instance is meant, as it was given; empty for none. */
  readonly spawn: string;
  /** Whether an instance that has no room is a notice or a failure. */
  readonly onFull: (typeof FULL_CHOICES)[number];
  /** The strategy as it was given: YAML, the path of a file, or `none`; absent if it was not. */
  readonly strategy?: string;
}

/** What is asked for, by mode: each has the request of the function that does it. */
export type Work =
  | { readonly mode: 'apply'; readonly request: ApplyManifestsRequest }
  | { readonly mode: 'plan'; readonly request: PlanManifestsRequest }
  /** A plan against other manifests, without a cluster. */
  | { readonly mode: 'compare'; readonly request: CompareManifestsRequest }
  | { readonly mode: 'rollback'; readonly request: RollBackRequest }
  | { readonly mode: 'hold'; readonly request: HoldRequest }
  | { readonly mode: 'lift-hold'; readonly request: LiftHoldRequest }
  | { readonly mode: 'destroy'; readonly request: DestroyRequest }
  | { readonly mode: 'sweep'; readonly request: SweepRequest }
  | { readonly mode: 'room'; readonly request: RoomRequest }
  | { readonly mode: 'forget'; readonly request: ForgetRequest }
  | { readonly mode: 'releases'; readonly request: ListReleasesRequest }
  | { readonly mode: 'recover-plan'; readonly request: FormationChoice }
  | { readonly mode: 'recover'; readonly request: RecoverRequest }
  | {
      readonly mode: 'status';
      readonly request: StatusRequest;
      /** From which state on an issue is kept open. */
      readonly issue: (typeof ISSUE_CHOICES)[number];
    };

export type Inputs = Access & Work;
export type InputsFor<Mode extends Work['mode']> = Access & Extract<Work, { readonly mode: Mode }>;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const DEFAULT_TIMEOUT = 10 * 60_000;
const DEFAULT_LOCK_TIMEOUT = 10 * 60_000;

/** Every input is checked in every mode, so that a mistake is not found only when the mode changes. */
export function readInputs(reader: InputReader): Inputs {
  const mode = reader.choice('mode', MODES, 'apply');
  if (mode === 'apply' || mode === 'plan') reader.required('manifests');
  if (mode === 'hold') reader.required('reason');
  if (mode === 'forget') reader.required('word');
  if (mode === 'room') reader.required('spawn');
  const secrets = readSecretAccess(reader, mode === 'apply' || mode === 'recover');
  const digest = readDigest(reader);
  const choice = readFormationChoice(reader);
  const options = readOptions(reader);
  const [timeout, lockTimeout] = [
    reader.timeLimit('timeout') ?? DEFAULT_TIMEOUT,
    reader.duration('lock-timeout') ?? DEFAULT_LOCK_TIMEOUT,
  ];
  const secretNames = namesOfSecrets(secrets);
  const registries = { ...readRegistryInputs(reader), secretNames };
  const cluster = { ...readClusterInputs(reader), secretNames };
  const timed: ClusterInputs = { ...cluster, runFor: timeout };
  const strategy = reader.text('strategy');
  if (strategy === 'none' && mode === 'apply') reader.required('reason');
  const access: Access = {
    ...{ cluster, registries, token: reader.text('token'), spawn: readSpawn(reader, mode) },
    onFull: reader.choice('on-full', FULL_CHOICES, 'notice'),
    ...(strategy === '' ? {} : { strategy }),
  };
  const manifests = readManifestsChoice(reader, choice, digest, registries);
  const rules = readAddedRules(reader);
  const [to, against, reason] = [reader.text('to'), reader.text('against'), reader.text('reason')];
  const [confirm, word] = [reader.text('confirm'), readWord(reader)];
  const until = readHoldEnd(reader);
  const issue = reader.choice('issue', ISSUE_CHOICES, 'off');
  const plan = { ...manifests, ...rules, options, reason, ...readPromotionChoice(reader) };
  const planned = readPlanned(reader);
  switch (mode) {
    case 'apply':
      return {
        ...access,
        cluster: timed,
        mode,
        request: { ...plan, ...planned, secrets, timeout, lockTimeout },
      };
    case 'plan':
      return against === ''
        ? { ...access, mode, request: plan }
        : { ...access, mode: 'compare', request: { ...manifests, against } };
    case 'rollback': {
      const { forceConflicts } = options;
      const restoring = { to, secrets, forceConflicts, reason, until };
      const request = { ...choice, ...rules, ...restoring, timeout, lockTimeout };
      return { ...access, cluster: timed, mode, request };
    }
    case 'hold':
      return { ...access, mode, request: { ...choice, reason, until } };
    case 'lift-hold':
      return { ...access, mode, request: choice };
    case 'destroy':
      return { ...access, mode, request: { ...choice, confirm, reason, lockTimeout } };
    case 'sweep':
      return { ...access, mode, request: { ...choice, confirm, reason, lockTimeout } };
    case 'room':
      return { ...access, mode, request: { ...choice, lockTimeout } };
    case 'forget':
      return { ...access, mode, request: { ...choice, word, confirm, lockTimeout } };
    case 'recover-plan':
      return { ...access, mode, request: choice };
    case 'recover':
      return {
        ...access,
        cluster: timed,
        mode,
        request: recoverRequest({ ...plan, secrets, timeout, lockTimeout }),
      };
    case 'releases':
      return { ...access, mode, request: { ...choice, from: against, to } };
    case 'status':
      return { ...access, mode, request: { ...choice, registry: choice.registry ?? '' }, issue };
  }
}

/** A sweep is about all instances: one of them is removed by `destroy`. */
function readSpawn(reader: InputReader, mode: (typeof MODES)[number]): string {
  const spawn = reader.text('spawn');
  if (spawn !== '' && mode === 'sweep')
    reader.problem(
      'spawn',
      'is for one instance, and a sweep looks at all',
      'leave it out, or set mode to destroy',
    );
  return spawn;
}

/** What last passed is found by the registry, so that nothing that is given says what it is. */
function recoverRequest(request: Omit<ApplyManifestsRequest, 'strictPlan'>): RecoverRequest {
  const { manifests: _, digest: _digest, configRevision: _revision, config: _config, ...others } = request;
  return { ...others, strictPlan: false };
}

function readDigest(reader: InputReader): string {
  const digest = reader.text('digest');
  if (digest !== '' && !DIGEST.test(digest))
    reader.problem('digest', 'is not a digest', 'give the output "digest" of render-stencil');
  return digest;
}

/** A secret as the stencils name it; the prefix is allowed, as people copy it with the rest. */
function readWord(reader: InputReader): string {
  return reader.text('word').replace(/^secret\./, '');
}

function readFormationChoice(reader: InputReader): FormationChoice {
  const formation = readFormationName(reader);
  const destination = readDestinationName(reader);
  return {
    application: reader.text('application'),
    formation,
    destinations: destination === '' ? [] : [destination],
    namespace: readNamespace(reader),
    context: reader.text('context'),
    registry: reader.text('registry'),
  };
}

function readManifestsChoice(
  reader: InputReader,
  choice: FormationChoice,
  digest: string,
  { recordKeys }: RegistryInputs,
): ManifestsChoice {
  return {
    ...choice,
    manifests: reader.list('manifests'),
    digest,
    registry: choice.registry ?? '',
    allow: readAllow(reader),
    signed: recordKeys !== undefined,
    configRevision: reader.text('config-revision'),
  };
}

function readAddedRules(reader: InputReader): AddedRules {
  return {
    policies: reader.list('policies'),
    packs: readPacks(reader) ?? [],
    waivers: reader.list('waivers'),
    crds: reader.list('crds'),
  };
}

function readPromotionChoice(reader: InputReader): Pick<PlanManifestsRequest, 'config' | 'allowOlderConfig'> {
  const allowOlderConfig = reader.flag('allow-older-config', false);
  return { ...defined({ config: readConfigChoice(reader) }), allowOlderConfig };
}

function readOptions(reader: InputReader): ReleaseOptions {
  return {
    prune: reader.choice('prune', PRUNE_CHOICES, 'after-success'),
    adopt: reader.flag('adopt', false),
    forceConflicts: reader.flag('force-conflicts', false),
    allowOlder: reader.flag('allow-older', false),
  };
}
