import { describe, expect, it } from '@jest/globals';
import { makeReport } from '@slipway/core';
import { type KubernetesObject, keyOf } from '@slipway/kubernetes';
import { withChanges } from '../src/changes.ts';

const settings = (level: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { LEVEL: level },
});
const web = (replicas: number, image = 'web:1'): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' }, annotations: { 'checksum/config': `${replicas}` } },
      spec: { containers: [{ name: 'web', image, envFrom: [{ configMapRef: { name: 'settings' } }] }] },
    },
  },
});

function changesOf(
  before: readonly KubernetesObject[] | undefined,
  after: readonly KubernetesObject[],
  { application = 'shop', ignore = [] as readonly string[] } = {},
) {
  return withChanges(
    {
      name: 'production/eu',
      ...(application === '' ? {} : { formation: 'production', destination: 'eu' }),
      namespace: 'shop',
      report: makeReport([], after.length),
      reportPath: '/report.json',
      objects: after.map(object => ({
        object,
        positionAt: (pointer: string) => ({
          path: `${object.metadata.name}.yaml`,
          line: pointer.length + 1,
          column: 1,
        }),
      })),
      ...(before === undefined ? {} : { before: new Map(before.map(object => [keyOf(object), object])) }),
    },
    { application, ignore },
  );
}

describe('the changes of a target', () => {
  it('do not include a plain manifest that only names the namespace that it had', () => {
    const bare: KubernetesObject = { ...settings('info'), metadata: { name: 'settings' } };
    expect(changesOf([bare], [settings('info')], { application: '' }).changes).toEqual([]);
    expect(changesOf([settings('info')], [bare], { application: '' }).changes).toEqual([]);
    const moved = { ...settings('info'), metadata: { name: 'settings', namespace: 'other' } };
    expect(changesOf([bare], [moved], { application: '' }).changes).toHaveLength(2);
  });

  it('are those of fields, by the names of items, with the line that was written', () => {
    const { changes, equal } = changesOf([settings('info'), web(1)], [settings('info'), web(1, 'web:2')]);
    expect(equal).toBe(1);
    expect(changes).toEqual([
      {
        object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        action: 'change',
        restarts: true,
        at: { path: 'web.yaml', line: '/spec/template/spec/containers/0/image'.length + 1, column: 1 },
        fields: [{ path: 'spec.template.spec.containers[web].image', before: 'web:1', after: 'web:2' }],
      },
    ]);
  });

  it('name what left an item that has moved by that item, and link to what it was in', () => {
    const pods = (containers: readonly object[]): KubernetesObject => ({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
      spec: { template: { spec: { containers } } } as never,
    });
    const [side, first] = [{ name: 'side' }, { name: 'A', value: '1' }];
    const web = { name: 'web', tty: true, env: [first, { name: 'B', value: '2' }] };
    const { changes = [] } = changesOf(
      [pods([web, side])],
      [pods([side, { name: 'web', env: [{ name: 'B', value: '2' }] }])],
      { application: '' },
    );
    expect(changes[0]?.fields.filter(({ after }) => after === undefined)).toEqual([
      { path: 'spec.template.spec.containers[web].tty', before: true },
      { path: 'spec.template.spec.containers[web].env[A]', before: first },
    ]);
    const without = changesOf([pods([web])], [pods([{ ...web, env: [{ name: 'B', value: '2' }] }])], {
      application: '',
    });
    const list = '/spec/template/spec/containers/0/env';
    expect(without.changes).toMatchObject([{ at: { line: list.length + 1 } }]);
  });

  it('say which ConfigMap changed, instead of the names that follow from its content', () => {
    const { changes = [] } = changesOf([settings('info'), web(1)], [settings('debug'), web(1)]);
    expect(
      changes.map(({ object, restarts, note, fields }) => [object.kind, restarts, note, fields]),
    ).toEqual([
      ['ConfigMap', false, undefined, [{ path: 'data.LEVEL', before: 'info', after: 'debug' }]],
      ['Deployment', true, 'ConfigMap settings changed', []],
    ]);
  });

  it('of plain manifests do not follow the content of a ConfigMap', () => {
    const { changes = [] } = changesOf([settings('info'), web(1)], [settings('debug'), web(1)], {
      application: '',
    });
    expect(changes.map(({ object }) => object.kind)).toEqual(['ConfigMap']);
  });

  it('leave out ignored fields and count them', () => {
    const ignore = ['spec.template.metadata.annotations["checksum/*"]', 'spec.replicas'];
    const { changes, equal, ignored } = changesOf([settings('info'), web(1)], [settings('info'), web(2)], {
      ignore,
    });
    expect({ changes, equal, ignored }).toEqual({ changes: [], equal: 2, ignored: 2 });
  });

  it('keep a change of which only some fields are ignored', () => {
    const { changes = [], ignored } = changesOf([web(1)], [web(2)], { ignore: ['spec.template.metadata'] });
    expect([changes.map(({ fields }) => fields.map(({ path }) => path)), ignored]).toEqual([
      [['spec.replicas']],
      1,
    ]);
  });

  it('name new objects and those that leave', () => {
    const { changes = [], equal } = changesOf([settings('info')], [web(1)]);
    expect(changes.map(({ object, action, at }) => [object.kind, action, at?.path])).toEqual([
      ['ConfigMap', 'prune', undefined],
      ['Deployment', 'create', 'web.yaml'],
    ]);
    expect(equal).toBe(0);
  });

  it('are not known without the state before', () => {
    expect('changes' in changesOf(undefined, [web(1)])).toBe(false);
  });
});
