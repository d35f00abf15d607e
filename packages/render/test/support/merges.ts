import type { JsonValue } from '@slipway/core';

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {app: api}, finalizers: [x.y/z]}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: api
          args: [a, b]
          env:
            - {name: A, value: "1"}
            - {name: B, value: "2"}
          ports:
            - {containerPort: 80, name: http}
        - name: sidecar
          image: s
`;

export const api = (spec: string): string =>
  `- {apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: ${spec}}`;
export const pod = (spec: string): string => api(`{template: {spec: ${spec}}}`);

export const containers = ['spec', 'template', 'spec', 'containers'];
export const A = { name: 'A', value: '1' };
export const B = { name: 'B', value: '2' };

export const merges: Record<
  string,
  [patch: string, path: (string | number)[], expected: JsonValue | undefined]
> = {
  'a scalar is replaced': [api('{replicas: 6}'), ['spec', 'replicas'], 6],
  'null removes a key': [api('{replicas: null}'), ['spec', 'replicas'], undefined],
  'a placeholder is filled': [api('{replicas: "${config.n}"}'), ['spec', 'replicas'], '6'],
  'a new key is added': [api('{paused: true}'), ['spec', 'paused'], true],
  'labels are merged': [
    '- {kind: Deployment, metadata: {name: api, labels: {tier: x}}}',
    ['metadata', 'labels'],
    { app: 'api', tier: 'x' },
  ],
  'containers are matched by name': [
    pod('{containers: [{name: sidecar, image: t}]}'),
    [...containers, 1],
    { name: 'sidecar', image: 't' },
  ],
  'and others are left alone': [
    pod('{containers: [{name: sidecar, image: t}]}'),
    [...containers, 0, 'args'],
    ['a', 'b'],
  ],
  'a new container comes first, as with kubectl': [
    pod('{containers: [{name: new}]}'),
    [...containers, 0],
    { name: 'new' },
  ],
  'a new container comes after the one that the patch names before it': [
    pod('{containers: [{name: api, image: x}, {name: new}]}'),
    [...containers, 1],
    { name: 'new' },
  ],
  'a new container comes before the one that the patch names after it': [
    pod('{containers: [{name: new}, {name: sidecar, image: x}]}'),
    [...containers, 0],
    { name: 'new' },
  ],
  'containers are ordered as the patch names them': [
    pod('{containers: [{name: sidecar, image: x}, {name: api, args: [y]}]}'),
    [...containers, 0],
    { name: 'sidecar', image: 'x' },
  ],
  'env is matched by name': [
    pod('{containers: [{name: api, env: [{name: B, value: "3"}]}]}'),
    [...containers, 0, 'env'],
    [A, { name: 'B', value: '3' }],
  ],
  'ports are matched by containerPort': [
    pod('{containers: [{name: api, ports: [{containerPort: 80, name: web}]}]}'),
    [...containers, 0, 'ports'],
    [{ containerPort: 80, name: 'web' }],
  ],
  'a list without a key is replaced': [
    pod('{containers: [{name: api, args: [c]}]}'),
    [...containers, 0, 'args'],
    ['c'],
  ],
  '$patch: delete removes an item': [
    pod('{containers: [{name: api, env: [{name: A, $patch: delete}]}]}'),
    [...containers, 0, 'env'],
    [B],
  ],
  '$patch: replace replaces a map': [
    pod('{$patch: replace, containers: [{name: x}]}'),
    ['spec', 'template', 'spec'],
    { containers: [{ name: 'x' }] },
  ],
  '$patch: replace replaces a list': [
    pod('{containers: [{name: api, env: [{$patch: replace}, {name: C}]}]}'),
    [...containers, 0, 'env'],
    [{ name: 'C' }],
  ],
  '$patch: delete removes a map': [api('{template: {$patch: delete}}'), ['spec', 'template'], undefined],
  '$patch: delete adds no item where there is no list': [
    pod('{containers: [{name: sidecar, env: [{name: A, $patch: delete}, {name: C}]}]}'),
    [...containers, 1, 'env'],
    [{ name: 'C' }],
  ],
  'finalizers are added to the others': [
    '- {kind: Deployment, metadata: {name: api, finalizers: [a.b/c]}}',
    ['metadata', 'finalizers'],
    ['a.b/c', 'x.y/z'],
  ],
  'finalizers are ordered as the patch names them': [
    '- {kind: Deployment, metadata: {name: api, finalizers: [x.y/z, a.b/c]}}',
    ['metadata', 'finalizers'],
    ['x.y/z', 'a.b/c'],
  ],
  'nulls in what is added are left out': [
    api('{strategy: {type: Recreate, rollingUpdate: null}}'),
    ['spec', 'strategy'],
    { type: 'Recreate' },
  ],
};
