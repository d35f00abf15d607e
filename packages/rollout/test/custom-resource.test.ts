import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { assess } from '../src/status/assess.ts';
import { compileRules } from '../src/status/rules.ts';
import { type Said, saidBy } from './statuses/collected.ts';
import { conditions, emptyCluster, object } from './support/objects.ts';

type Given = Readonly<Record<string, string>>;

function pony(
  status: JsonObject,
  rest: JsonObject = {},
  annotations?: Record<string, string>,
): KubernetesObject {
  const meta = { generation: 3, ...(annotations === undefined ? {} : { annotations }) };
  return object('example.com/v1', 'Pony', 'dusty', meta, { status, ...rest });
}

function withConditions(given: Given, more: JsonObject = {}): KubernetesObject {
  return pony({ conditions: conditions(given), ...more });
}

function read(given: KubernetesObject): [Said, string] {
  const status = assess(given, emptyCluster);
  return [saidBy(status), status.message];
}

function containing(text: string): string {
  return expect.stringContaining(text) as unknown as string;
}

describe('a summary condition', () => {
  it.each<[string, Given, Said, string]>([
    ['decides', { Ready: 'True', Synced: 'True' }, 'ready', 'status.conditions[Ready] is True'],
    [
      'does not hide another that reports an error',
      { Ready: 'True', Synced: 'False ReconcileError: forbidden' },
      'failed',
      'status.conditions[Synced] is False (ReconcileError: forbidden)',
    ],
    [
      'does not hide that progress has ended',
      { Available: 'True', Progressing: 'False ProgressDeadlineExceeded' },
      'failed',
      'status.conditions[Progressing]',
    ],
    [
      'does not hide that references are unresolved',
      { Accepted: 'True', Programmed: 'True', ResolvedRefs: 'False RefNotPermitted' },
      'failed',
      'status.conditions[ResolvedRefs]',
    ],
    [
      'hides what merely is not so',
      { Ready: 'True', Active: 'False Idle', Synced: 'False Later' },
      'ready',
      '[Ready]',
    ],
    [
      'waits while something is under way',
      { Ready: 'True', Upgrading: 'True Rolling' },
      'waiting',
      '[Upgrading]',
    ],
    [
      'does not wait for a way that has ended',
      { Available: 'True', Progressing: 'True NewReplicaSetAvailable' },
      'ready',
      '[Available]',
    ],
    ['that is False for a while waits', { Ready: 'False NodesNotReady' }, 'waiting', '[Ready]'],
    ['that is Unknown waits', { Ready: 'Unknown' }, 'waiting', '[Ready]'],
    [
      'does not hide an error of which the name says nothing',
      { Ready: 'True', Grazing: 'False GrazingFailing' },
      'failed',
      '[Grazing]',
    ],
    [
      'is not spoilt by what cannot or need not be done',
      { Ready: 'True', Rideable: 'False FailedOnce', Grazing: 'False NotConfigured' },
      'ready',
      '[Ready]',
    ],
    [
      'does not hide that less is available',
      { Ready: 'True', Available: 'False Few' },
      'waiting',
      '[Available]',
    ],
    [
      'that is Unknown because of an error fails',
      { Ready: 'Unknown Reconciling', Launched: 'Unknown LaunchFailed' },
      'failed',
      '[Launched]',
    ],
    [
      'fails by a wait that is in vain',
      { Ready: 'False', Waiting: 'True CrashLoopBackOff' },
      'failed',
      '[Waiting]',
    ],
    [
      'fails by a name that is bad, after a while, whatever is on its way',
      { Available: 'True', Degraded: 'True PodsNotReady' },
      'failed',
      '[Degraded]',
    ],
    [
      'fails by a message that begins with a failure',
      { Ready: 'False Unpacking: cannot unpack the hay' },
      'failed',
      '[Ready]',
    ],
    [
      'does not fail by what is so until something else is',
      { Ready: 'False : it cannot be ridden until it is saddled' },
      'waiting',
      '[Ready]',
    ],
  ])('%s', (_, given, said, text) => {
    expect(read(withConditions(given))).toEqual([said, containing(text)]);
  });
});

describe('the name of a condition', () => {
  it.each<[string, Said]>([
    ['Failed', 'failed'],
    ['SyncError', 'failed'],
    ['InvalidConfig', 'failed'],
    ['Unhealthy', 'failed'],
    ['Degraded', 'failed'],
    ['Stalled', 'failed'],
    ['ReplicaFailure', 'failed'],
    ['ConfigurationError', 'failed'],
    ['acme.io/Conflicted', 'failed'],
    ['NotReady', 'waiting'],
    ['Reconciling', 'waiting'],
    ['Pending', 'waiting'],
    ['ClusterReady', 'ready'],
    ['Synced', 'ready'],
    ['Valid', 'ready'],
    ['ConflictResolved', 'ready'],
    ['NoErrors', 'ready'],
    ['Active', 'ready'],
    ['Running', 'ready'],
    ['ScalingUp', 'waiting'],
    ['LastBackupFailed', 'unknown'],
    ['Irreconcilable', 'failed'],
    ['NoMatchingPony', 'failed'],
    ['ReconciliationPaused', 'paused'],
    ['ResourcesUpToDate', 'ready'],
    ['LowConfidence', 'unknown'],
    ['Upgradeable', 'unknown'],
    ['Overlapping', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s, when it is True, makes the object %s', (type, said) => {
    expect(read(named(type, 'True'))[0]).toBe(said);
  });

  it.each<[string, string, Said]>([
    ['Synced', 'ApplyFailed', 'failed'],
    ['Synced', 'SecretNotFound', 'failed'],
    ['Ready', 'InvalidSpec', 'failed'],
    ['Ready', 'Forbidden', 'failed'],
    ['Ready', 'ProgressingWithRetry', 'waiting'],
    ['Ready', 'WaitingForFailedNodes', 'waiting'],
    ['Ready', 'MinimumReplicasUnavailable', 'waiting'],
    ['Ready', 'DependencyNotReady', 'waiting'],
    ['Ready', 'Creating', 'waiting'],
    ['Ready', 'NoPodsReady', 'waiting'],
    ['Ready', 'FailingOver', 'waiting'],
    ['Ready', 'InsufficientHay', 'failed'],
    ['Ready', 'CouldntGetHay', 'failed'],
    ['Synced', 'ReconcilePaused', 'paused'],
    ['Ready', 'UpgradePaused', 'waiting'],
    ['Valid', 'shrinkingStable', 'failed'],
    ['LastOperation', 'ApplyFailure', 'failed'],
    ['MissingHay', 'MissingHay', 'unknown'],
    ['HayReserved', 'Pending', 'waiting'],
    ['Ready', 'TooManyFlies', 'failed'],
    ['Ready', 'HayUnhealthy', 'waiting'],
    ['Released', 'UpgradeFailed', 'failed'],
    ['CredentialsAvailable', 'SecretInUse', 'failed'],
    ['Ready', 'UnknownProvider', 'failed'],
    ['ConstraintMet', 'FolderNotFound', 'failed'],
    ['LastBackupSucceeded', 'LastBackupFailed', 'unknown'],
    ['ScalingUp', 'NotScalingUp', 'unknown'],
    ['Active', 'Idle', 'unknown'],
    ['Failed', 'Nothing', 'unknown'],
    ['Degraded', 'AsExpected', 'unknown'],
  ])('%s, when it is False because of %s, makes the object %s', (type, reason, said) => {
    expect(read(named(type, 'False', reason))[0]).toBe(said);
  });

  function named(type: string, status: string, reason = ''): KubernetesObject {
    return pony({ conditions: [{ type, status, reason }] });
  }

  it('that was true before does not count where all states of an object are kept', () => {
    expect(read(withConditions({ initializing: 'True', ready: 'True' }))).toEqual([
      'ready',
      containing('[ready]'),
    ]);
    expect(read(withConditions({ error: 'True', ready: 'True' }))[0]).toBe('ready');
    expect(read(withConditions({ ready: 'True', error: 'True' }))[0]).toBe('failed');
    expect(read(withConditions({ Initializing: 'True', Ready: 'True' }))[0]).toBe('waiting');
  });

  it('Active does not decide beside a state', () => {
    expect(read(withConditions({ Running: 'True' }, { lifecycleState: 'UPGRADING' }))[0]).toBe('waiting');
    expect(read(withConditions({ Active: 'True' }, { phase: 'Failed' }))[0]).toBe('failed');
  });

  it('may have its answer as a boolean, or in lower case', () => {
    expect(read(pony({ conditions: [{ type: 'Ready', status: true }] }))[0]).toBe('ready');
    expect(read(pony({ conditions: [{ type: 'Ready', status: 'true' }] }))[0]).toBe('ready');
    expect(read(pony({ conditions: [{ type: 'Stalled', status: true }] }))[0]).toBe('failed');
  });

  it('does not count as a failure with the severity of a hint', () => {
    const scaling = { type: 'Ready', status: 'False', reason: 'ScalingFailed', severity: 'Info' };
    expect(read(pony({ conditions: [scaling] }))[0]).toBe('waiting');
    const other = { ...scaling, type: 'WorkersReady' };
    expect(read(pony({ conditions: [{ type: 'Ready', status: 'True' }, other] }))[0]).toBe('ready');
  });

  it('means a failure sooner than a word in another field does', () => {
    const after = (given: KubernetesObject) => assess(given, emptyCluster).troubles[0]?.certainAfter;
    expect(after(withConditions({ Failed: 'True' }))).toBe(30_000);
    expect(after(withConditions({ Ready: 'False InstallFailed' }))).toBe(60_000);
    expect(after(withConditions({ Ready: 'False SecretNotFound' }))).toBe(90_000);
    expect(after(withConditions({ Ready: 'False InstallFailed', Reconciling: 'True Retrying' }))).toBe(
      300_000,
    );
    expect(after(pony({ phase: 'Failed' }))).toBe(300_000);
  });
});

describe('an older generation', () => {
  it.each<[string, JsonObject, Said, string]>([
    [
      'of the whole status',
      { observedGeneration: 2, conditions: conditions({ Ready: 'True' }) },
      'waiting',
      'generation 3',
    ],
    [
      'of the telling condition',
      { conditions: [{ type: 'Ready', status: 'True', observedGeneration: 2 }] },
      'waiting',
      'status.conditions[Ready] is about generation 2, not 3',
    ],
    [
      'of a failure that another condition has overtaken',
      {
        conditions: [
          { type: 'Synced', status: 'False', reason: 'SyncFailed', observedGeneration: 2 },
          { type: 'Ready', status: 'True', observedGeneration: 3 },
        ],
      },
      'ready',
      '[Ready]',
    ],
    [
      'does not hide what fails of the newest',
      {
        observedGeneration: -1,
        conditions: [
          { type: 'FetchFailed', status: 'True', reason: 'AuthenticationFailed', observedGeneration: 3 },
        ],
      },
      'failed',
      'status.conditions[FetchFailed]',
    ],
    [
      'is not what a controller means that keeps none',
      { conditions: [{ type: 'Ready', status: 'True', observedGeneration: 0 }] },
      'ready',
      '[Ready]',
    ],
  ])('%s', (_, status, said, text) => {
    expect(read(pony(status))).toEqual([said, containing(text)]);
  });
});

describe('a route', () => {
  const parent = (name: string, given: Given, more: JsonObject = {}) => ({
    parentRef: { name, ...more },
    conditions: conditions(given),
  });
  const route = (parentRefs: readonly JsonObject[], parents: readonly JsonObject[]) =>
    object(
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      'web',
      { generation: 2 },
      { spec: { parentRefs }, status: { parents } },
    );
  const good = { Accepted: 'True', ResolvedRefs: 'True' };

  it.each<[string, KubernetesObject, Said, string]>([
    [
      'waits for the second of its two Gateways',
      route([{ name: 'a' }, { name: 'b' }], [parent('a', good)]),
      'waiting',
      'no answer of Gateway b',
    ],
    [
      'is ready once both have accepted it',
      route([{ name: 'a' }, { name: 'b' }], [parent('a', good), parent('b', good)]),
      'ready',
      'status.parents[0].conditions[Accepted]',
    ],
    [
      'does not fail because of a Gateway that it no longer names',
      route([{ name: 'a' }], [parent('old', { Accepted: 'False NotAllowedByListeners' }), parent('a', good)]),
      'ready',
      'status.parents[1]',
    ],
    [
      'is not accepted by a Gateway of the same name elsewhere',
      route([{ name: 'a' }], [parent('a', good, { namespace: 'other' })]),
      'waiting',
      'Gateway a',
    ],
    [
      'waits for each listener that it names',
      route(
        [
          { name: 'a', sectionName: 'x' },
          { name: 'a', sectionName: 'y' },
        ],
        [parent('a', good, { sectionName: 'x' })],
      ),
      'waiting',
      'Gateway a/y',
    ],
    [
      'fails where a backend does not exist',
      route([{ name: 'a' }], [parent('a', { Accepted: 'True', ResolvedRefs: 'False BackendNotFound' })]),
      'failed',
      'status.parents[0].conditions[ResolvedRefs]',
    ],
    [
      'waits while a Gateway is at it',
      route([{ name: 'a' }], [parent('a', { Accepted: 'False Pending' })]),
      'waiting',
      '[Accepted]',
    ],
    [
      'waits where an answer is about an older generation',
      route(
        [{ name: 'a' }],
        [
          {
            parentRef: { name: 'a' },
            conditions: [{ type: 'Accepted', status: 'True', observedGeneration: 1 }],
          },
        ],
      ),
      'waiting',
      'about generation 1, not 2',
    ],
    [
      'waits for its first answer',
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'web'),
      'waiting',
      'no status yet',
    ],
  ])('%s', (_, given, said, text) => {
    expect(read(given)).toEqual([said, containing(text)]);
  });
});

describe('a Gateway', () => {
  const listener = (name: string, given: Given) => ({ name, conditions: conditions(given) });
  const programmed = { Accepted: 'True', Programmed: 'True', ResolvedRefs: 'True', Conflicted: 'False' };
  const gateway = (
    listeners: readonly JsonObject[],
    given: Given = { Accepted: 'True', Programmed: 'True' },
  ) =>
    object(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      'web',
      { generation: 1 },
      {
        spec: { listeners: [{ name: 'http' }, { name: 'https' }] },
        status: { conditions: conditions(given), listeners },
      },
    );

  it.each<[string, KubernetesObject, Said, string]>([
    [
      'is ready with all of its listeners',
      gateway([listener('http', programmed), listener('https', programmed)]),
      'ready',
      '[Programmed]',
    ],
    [
      'fails because of one listener',
      gateway([
        listener('http', programmed),
        listener('https', { ...programmed, ResolvedRefs: 'False InvalidCertificateRef' }),
      ]),
      'failed',
      'status.listeners[https].conditions[ResolvedRefs]',
    ],
    [
      'fails because of a listener in conflict',
      gateway([listener('http', programmed), listener('https', { Conflicted: 'True HostnameConflict' })]),
      'failed',
      'status.listeners[https].conditions[Conflicted]',
    ],
    [
      'waits for a listener that it has no answer for',
      gateway([listener('http', programmed)]),
      'waiting',
      'does not have https yet',
    ],
    [
      'does not fail because of a listener that is gone',
      gateway([
        listener('http', programmed),
        listener('https', programmed),
        listener('old', { Programmed: 'False Invalid' }),
      ]),
      'ready',
      '[Programmed]',
    ],
    [
      'waits for its address',
      gateway([], { Accepted: 'True', Programmed: 'False AddressNotAssigned' }),
      'waiting',
      '[Programmed]',
    ],
  ])('%s', (_, given, said, text) => {
    expect(read(given)).toEqual([said, containing(text)]);
  });
});

describe('a field that no convention describes', () => {
  it.each<[string, JsonObject, Said, string]>([
    ['of a phase that is good', { phase: 'Running' }, 'ready', 'status.phase is Running'],
    ['of a state under way', { state: 'provisioning' }, 'waiting', 'status.state is provisioning'],
    ['of one that is not ready', { state: 'NotReady' }, 'waiting', 'status.state'],
    ['of health in colours', { health: 'green', phase: 'Ready' }, 'ready', 'status.'],
    ['of health that is yellow', { health: 'yellow', phase: 'Ready' }, 'waiting', 'status.health is yellow'],
    ['that is ready to be used', { phase: 'ReadyToUse' }, 'ready', 'status.phase is ReadyToUse'],
    ['of a policy for failures', { phase: 'Ready', failurePolicy: 'Ignore' }, 'ready', 'status.phase'],
    [
      'of a role for failures within',
      { phase: 'Ready', atProvider: { failureFeedbackRole: 'a' } },
      'ready',
      'status.phase',
    ],
    [
      'of a failure within',
      { phase: 'Ready', atProvider: { failureMessage: 'hay is gone' } },
      'failed',
      'status.atProvider.failureMessage is hay is gone',
    ],
    ['of a word that no one knows', { phase: 'Hibiscus' }, 'unknown', 'does not say'],
    ['of a number', { phase: 7 }, 'unknown', 'does not say'],
    [
      'with an explanation',
      { phase: 'Failed', message: 'hay is gone' },
      'failed',
      'status.phase is Failed (hay is gone)',
    ],
    ['in an object', { sync: { status: 'OutOfSync' } }, 'waiting', 'status.sync.status'],
    ['of another time', { lastBackupState: 'Failed', phase: 'Ready' }, 'ready', 'status.phase'],
    ['of the state that is wanted', { desiredState: 'Failed', phase: 'Ready' }, 'ready', 'status.phase'],
    ['of a flag', { ready: true }, 'ready', 'status.ready is true'],
    ['of a flag as text', { ready: 'false' }, 'waiting', 'status.ready is false'],
    ['of a fraction', { ready: '2/3' }, 'waiting', 'status.ready is 2, and 3 are wanted'],
    ['of a flag that reports a failure', { failed: true }, 'failed', 'status.failed is true'],
    ['of what is being done', { state: 'ScalingDown' }, 'waiting', 'status.state is ScalingDown'],
    ['of what is down', { state: 'Down' }, 'failed', 'status.state is Down'],
    ['of what is not healthy', { state: 'NotHealthy' }, 'failed', 'status.state'],
    ['of what is not enough', { phase: 'Not enough hay' }, 'failed', 'status.phase'],
    ['of what is ready for a step to come', { phase: 'InstallReady' }, 'waiting', 'status.phase'],
    ['of what fails over', { phase: 'Failing over' }, 'waiting', 'status.phase'],
    ['of what has failed over', { phase: 'FailedOver' }, 'ready', 'status.phase'],
    [
      'of what is not ready because of an error',
      { phase: 'NotReady', message: 'error: no hay' },
      'failed',
      'status.phase',
    ],
    [
      'of what was observed last',
      { stable: { lastObservedState: 'READY' } },
      'ready',
      'status.stable.lastObservedState',
    ],
    ['of a fraction in an object', { scale: { statusReplicas: '0/1' } }, 'waiting', 'statusReplicas is 0'],
    [
      'of a part with a failing condition',
      { legs: [{}, { conditions: [{ type: 'Ready', status: 'False', reason: 'LegBroken' }] }] },
      'failed',
      'status.legs[1].conditions[Ready]',
    ],
    [
      'of an error in an object',
      { sync: { errors: [{ errorMessage: 'no hay' }] } },
      'failed',
      'status.sync.errors',
    ],
    ['of a condition without its type', { node: { conditionStatus: 'True' } }, 'unknown', 'does not say'],
    ['of what did not succeed', { finished: true, successful: false }, 'waiting', 'status.successful'],
    [
      'of a part with an error',
      { legs: [{ errors: [{ message: 'broken' }] }] },
      'failed',
      'status.legs[0].errors is broken',
    ],
    [
      'of a condition that is listed only while there is one',
      { phase: 'Ready', conditions: [{ type: 'SyncError', message: 'no hay' }] },
      'failed',
      'status.conditions[SyncError]',
    ],
    ['of an error', { error: 'hay is gone' }, 'failed', 'status.error is hay is gone'],
    ['of no error', { error: '', errorCount: 0, phase: 'Ready' }, 'ready', 'status.phase'],
    [
      'of errors in a list',
      { errors: [{ message: 'hay is gone' }] },
      'failed',
      'status.errors is hay is gone',
    ],
    [
      'of an error beside a good phase',
      { phase: 'Ready', errorMessage: 'hay is gone' },
      'failed',
      'status.errorMessage',
    ],
  ])('%s', (_, status, said, text) => {
    expect(read(pony(status))).toEqual([said, containing(text)]);
  });

  it.each<[string, JsonObject, Said]>([
    ['that is bad counts although a summary is True', { phase: 'Failed' }, 'failed'],
    ['that is under way does not', { phase: 'Provisioning' }, 'ready'],
    ['that is an error from before does not', { error: 'hay is gone' }, 'ready'],
    ['that is the failure of a Machine does', { failureMessage: 'hay is gone' }, 'failed'],
    ['that is a flag does not', { healthy: false }, 'ready'],
  ])('%s', (_, more, said) => {
    expect(read(withConditions({ Ready: 'True' }, more))[0]).toBe(said);
  });

  it('waits for all the replicas that are asked for', () => {
    const counted = (status: JsonObject, spec: JsonObject = { replicas: 3 }) => read(pony(status, { spec }));
    expect(counted({ readyReplicas: 2 })).toEqual(['waiting', 'status.readyReplicas is 2, and 3 are wanted']);
    expect(counted({ readyReplicas: 3, updatedReplicas: 1 })[0]).toBe('waiting');
    expect(counted({ readyReplicas: 3, updatedReplicas: 3 })[0]).toBe('ready');
    expect(counted({ readyInstances: 1 }, { instances: 2 })[0]).toBe('waiting');
    expect(
      counted({ readyReplicas: 3, updatedReplicas: 1 }, { replicas: 3, updateStrategy: { partition: 2 } })[0],
    ).toBe('ready');
  });

  it('says of a Job that runs that it has yet to end', () => {
    const running = (kind: string) =>
      read(object('example.com/v1', kind, 'x', {}, { status: { phase: 'Running' } }))[0];
    expect(['TrainingJob', 'TestRun', 'Workflow', 'DBBackup'].map(running)).toEqual(Array(4).fill('waiting'));
    const lasting = ['Cluster', 'CronWorkflow', 'ScaledJob', 'WorkflowTemplate'];
    expect(lasting.map(running)).toEqual(Array(4).fill('ready'));
  });
});

describe('what is stopped on purpose', () => {
  const waiting = { conditions: conditions({ Ready: 'False Waiting' }) };

  it.each<[string, JsonObject, Record<string, string>, string]>([
    ['by spec.suspend', { suspend: true }, {}, 'spec.suspend is true'],
    ['by spec.paused', { paused: true }, {}, 'spec.paused is true'],
    ['by spec.running', { running: false }, {}, 'spec.running is false'],
    ['by the state that it should have', { state: 'stopped' }, {}, 'spec.state is stopped'],
    [
      'by an annotation',
      {},
      { 'strimzi.io/pause-reconciliation': 'true' },
      'strimzi.io/pause-reconciliation',
    ],
    ['by an annotation without a value', {}, { 'cluster.x-k8s.io/paused': '' }, 'cluster.x-k8s.io/paused'],
    [
      'by an annotation with the time',
      {},
      { 'kubeflow-resource-stopped': '2026-01-01T00:00:00Z' },
      'kubeflow-resource-stopped',
    ],
  ])('is settled, and unknown: %s', (_, spec, annotations, text) => {
    const status = assess(pony(waiting, { spec }, annotations), emptyCluster);
    expect([status.state, status.message]).toEqual(['unknown', containing(text)]);
  });

  it.each<[string, JsonObject, Record<string, string>]>([
    ['an annotation that is off', {}, { 'cluster.x-k8s.io/paused': 'false' }],
    ['a hook', {}, { 'example.com/pre-stop': '/bin/drain' }],
    ['a duration', {}, { 'example.com/stop': '30s' }],
    ['a switch that is off', { suspend: false, paused: 'true' }, {}],
  ])('is not what has %s', (_, spec, annotations) => {
    expect(assess(pony(waiting, { spec }, annotations), emptyCluster).state).toBe('in-progress');
  });

  it('fails all the same', () => {
    const failed = { conditions: conditions({ Failed: 'True' }) };
    expect(read(pony(failed, { spec: { suspend: true } }))[0]).toBe('failed');
  });

  it('is settled before its controller has seen it, as a paused controller never does', () => {
    expect(read(pony({ observedGeneration: 2 }, { spec: { suspend: true } }))[0]).toBe('paused');
  });

  it('may be said by a word, unless something else is on its way', () => {
    expect(read(pony({ phase: 'Suspended' }))).toEqual([
      'paused',
      'it is stopped: status.phase is Suspended',
    ]);
    expect(read(withConditions({ Ready: 'True' }, { phase: 'Paused' }))[0]).toBe('paused');
    expect(read(withConditions({ Ready: 'False Creating' }, { backupState: 'Suspended' }))[0]).toBe(
      'waiting',
    );
    expect(read(pony({ phase: 'Creating', backupState: 'Suspended' }))[0]).toBe('waiting');
  });

  it('is settled when it is scaled to 0, and this is said', () => {
    const status = assess(pony(waiting, { spec: { replicas: 0 } }), emptyCluster);
    expect([status.state, status.message]).toEqual(['ready', 'it is scaled to 0: spec.replicas is 0']);
  });
});

it("a rule of the user's comes before every reading", async () => {
  const rules = await compileRules([{ group: 'example.com', kind: 'Pony', ready: 'true' }]);
  expect(assess(withConditions({ Failed: 'True' }), emptyCluster, rules).state).toBe('ready');
});

it('a status cannot write more than one bounded line into our words, or make the reading slow', () => {
  const long = `\u001b[31m${'aB-'.repeat(100_000)}\n::error::`;
  const hostile = pony(
    {
      [long]: long,
      phase: long,
      error: long,
      [`${long}Failed`]: { phase: 'Failed', message: long },
      conditions: [{ type: `${long}Ready`, status: 'False', reason: long, message: long }],
      listeners: [{ name: long, conditions: [{ type: 'Failed', status: 'True' }] }],
    },
    { spec: { listeners: [{ name: long }, { name: `${long}x` }] } },
  );
  const status = assess(hostile, emptyCluster);
  for (const text of [status.message, ...status.troubles.map(({ message }) => message)]) {
    expect(text).not.toMatch(/[\u001b\n]/);
    expect(text.length).toBeLessThan(900);
  }
});

describe('a condition at the edges of what it says', () => {
  it('that no one can recover from is not good', () => {
    expect(read(withConditions({ NonRecoverable: 'True' }))[0]).not.toBe('ready');
  });

  it('that was never set says nothing, even if it would be a fault', () => {
    const unset = [
      { type: 'Ready', status: 'True' },
      { type: 'Failed', status: '' },
    ];
    expect(read(pony({ conditions: unset }))[0]).toBe('ready');
  });
});
