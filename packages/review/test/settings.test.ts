import { describe, expect, it } from '@jest/globals';
import type { Application, Formation } from '@slipway/core';
import { changedSettings, movedDestinations, type Settings, withSuccessor } from '../src/settings.ts';

type Spec = Partial<Formation['spec']>;

function settings(
  spec: Spec,
  services: Application['spec']['services'] = { web: { image: 'web:1' } },
): Settings {
  const application: Application = {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Application', metadata: { name: 'shop' } },
    spec: { registry: 'ghcr.io/acme/shop', services },
  };
  const formation: Formation = {
    ...{ apiVersion: 'slipway.dev/v1', kind: 'Formation', metadata: { name: 'production' } },
    spec: { destinations: { eu: { namespace: 'shop' } }, ...spec },
  };
  return { application, formations: new Map([['production', formation]]) };
}

function fieldsOf(before: Settings, after: Settings): readonly string[] {
  return changedSettings(before, after).flatMap(({ object, fields }) =>
    fields.map(({ path, before: old, after: next }) => `${object.kind} ${path}: ${old} → ${next}`),
  );
}

describe('settings that no manifest shows', () => {
  it.each<[string, Settings, Settings, readonly string[]]>([
    [
      'another image of a service',
      settings({}),
      settings({}, { web: { image: 'web:2' } }),
      ['Application spec.services.web.image: web:1 → web:2'],
    ],
    [
      'a formation that is not promoted any more',
      settings({ 'promoted-from': 'staging' }),
      settings({}),
      ['Formation spec.promoted-from: staging → undefined'],
    ],
    [
      'another context of a destination',
      settings({ destinations: { eu: { namespace: 'shop', context: 'one' } } }),
      settings({ destinations: { eu: { namespace: 'shop', context: 'two' } } }),
      ['Formation spec.destinations.eu.context: one → two'],
    ],
    [
      'nothing for patches, which manifests show, and for a new destination',
      settings({}),
      settings({
        destinations: {
          eu: { namespace: 'shop', patches: [{ kind: 'Deployment', metadata: { name: 'web' } }] },
          us: { namespace: 'shop-us' },
        },
      }),
      [],
    ],
  ])('are named: %s', (_, before, after, expected) => {
    expect(fieldsOf(before, after)).toEqual(expected);
  });

  it('are compared for an application with another name too', () => {
    const after = settings({}, { web: { image: 'web:2' } });
    const application = { ...after.application, metadata: { name: 'store' } };
    expect(fieldsOf(settings({}), { ...after, application })).toHaveLength(1);
  });
});

describe('a destination that goes elsewhere', () => {
  it.each<[string, object, readonly object[]]>([
    ['to another namespace', { namespace: 'store' }, [{ isNamespaceKept: false }]],
    ['to another context', { namespace: 'shop', context: 'two' }, [{ isNamespaceKept: true }]],
    [
      'to another server',
      { namespace: 'shop', cluster: { server: 'https://two' } },
      [{ isNamespaceKept: true }],
    ],
    ['nowhere', { namespace: 'shop', environment: 'production' }, []],
  ])('is found: %s', (_, eu, expected) => {
    const after = settings({ destinations: { eu } as Formation['spec']['destinations'] });
    expect(movedDestinations(settings({}), after)).toEqual(
      expected.map(one => ({ name: 'production/eu', namespace: 'shop', ...one })),
    );
  });
});

describe('a destination that is removed', () => {
  const removed = { formation: 'production', destination: 'eu', namespace: 'shop' };

  it('has a new one with its namespace as its successor', () => {
    const after = settings({ destinations: { europe: { namespace: 'shop' } } });
    expect(withSuccessor(removed, settings({}), after)).toEqual({
      name: 'production/eu',
      successor: 'production/europe',
    });
  });

  it('has none where the other one was there before, or has another namespace', () => {
    const both = settings({
      destinations: { eu: { namespace: 'shop', context: 'one' }, us: { namespace: 'shop', context: 'two' } },
    });
    const one = settings({ destinations: { us: { namespace: 'shop' } } });
    expect(withSuccessor(removed, both, one)).toEqual({ name: 'production/eu' });
    const other = settings({ destinations: { us: { namespace: 'shop-us' } } });
    expect(withSuccessor(removed, settings({}), other)).toEqual({ name: 'production/eu' });
  });
});
