import { expect, it } from '@jest/globals';
import * as labels from '../src/labels.ts';

it('keeps the labels and annotations that clusters and repositories hold already', () => {
  const texts = Object.entries(labels).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${name} ${value}`] : [],
  );
  expect(texts.sort()).toEqual([
    'ACTOR slipway.dev/actor',
    'ADDITIONAL_NAMESPACES applyset.kubernetes.io/additional-namespaces',
    'APPLICATION slipway.dev/application',
    'APPLYSET_ID applyset.kubernetes.io/id',
    'CHECK slipway.dev/check',
    'CLOSED slipway.dev/closed',
    'COMMIT slipway.dev/commit',
    'CONFIG_BESIDE slipway.dev/config-beside',
    'CONFIG_COMMIT slipway.dev/config-commit',
    'CONTENT slipway.dev/content',
    'CRASH_WINDOW slipway.dev/crash-window',
    'DEADLINE slipway.dev/deadline',
    'DEPLOYED slipway.dev/deployed',
    'DEPLOYMENT_TAG slipway.dev/deployment-tag',
    'DESTINATION slipway.dev/destination',
    'EXPIRES slipway.dev/expires',
    'FIX slipway.dev/fix',
    'FORMATION slipway.dev/formation',
    'GIVEN_NAME slipway.dev/given-name',
    'GROUP_KINDS applyset.kubernetes.io/contains-group-kinds',
    'HASH_KEY_TYPE slipway.dev/hash-key',
    'HOLD slipway.dev/hold',
    'HOLD_WRITTEN_BY slipway.dev/hold-written-by',
    'LOCK_WANTED slipway.dev/lock-wanted-by',
    'MAC slipway.dev/mac',
    'NAMING slipway.dev/naming',
    'NETWORK_TRIAL slipway.dev/network-trial',
    'OBJECTS slipway.dev/objects',
    'OBJECT_COUNT slipway.dev/object-count',
    'ORDER slipway.dev/order',
    'PART_OF applyset.kubernetes.io/part-of',
    'PROGRESS slipway.dev/progress',
    'PRUNE slipway.dev/prune',
    'PULL_WINDOW slipway.dev/pull-window',
    'READY_WINDOW slipway.dev/ready-window',
    'REASON slipway.dev/reason',
    'RECORD_OF slipway.dev/record',
    'RECORD_PART_TYPE slipway.dev/release-part',
    'RECORD_TYPE slipway.dev/release',
    'RELEASE slipway.dev/release',
    'REPLACE slipway.dev/replace',
    'REPLACES slipway.dev/replaces',
    'REPOSITORY slipway.dev/repository',
    'RESTORES slipway.dev/restores',
    'ROLLBACK_OF slipway.dev/rollback-of',
    'ROOM slipway.dev/room',
    'RULE slipway.dev/rule',
    'RUN slipway.dev/run',
    'SCHEDULE_WINDOW slipway.dev/schedule-window',
    'SECRET_COPY_TYPE slipway.dev/secret-copy',
    'SIGN_OFF slipway.dev/sign-off',
    'SINCE slipway.dev/since',
    'SPAWNED_FROM slipway.dev/spawned-from',
    'SPAWNED_PULL slipway.dev/pull-request',
    'SPAWNED_REPOSITORY slipway.dev/repository-id',
    'SPAWNED_SERVER slipway.dev/server',
    'STABLE_FOR slipway.dev/stable-for',
    'TIMEOUT slipway.dev/timeout',
    'TOKEN_NOTE slipway.dev/token-',
    'TOOLING applyset.kubernetes.io/tooling',
    'TRACK slipway.dev/track',
    'UNTIL slipway.dev/until',
    'VERDICT slipway.dev/verdict',
    'WAY_HOME slipway.dev/way-home',
    'WHY slipway.dev/why',
  ]);
});

it.each([
  ['slipway.dev/anything', true],
  ['applyset.kubernetes.io/part-of', true],
  ['app.kubernetes.io/part-of', false],
])('reserves the label %s: %s', (label, expected) => {
  expect(labels.isReservedLabel(label)).toBe(expected);
});

it.each([
  ['slipway.dev/release', true],
  ['slipway.dev/order', false],
  ['applyset.kubernetes.io/tooling', true],
])('reserves the annotation %s: %s', (annotation, expected) => {
  expect(labels.isReservedAnnotation(annotation)).toBe(expected);
});
