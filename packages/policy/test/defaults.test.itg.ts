import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue, textMap } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { parseDocuments } from '@slipway/yaml';
import { admissionView } from '../src/defaults/admission-view.ts';
import { minorOf, readBuiltInSchemas } from '../src/schemas/built-in.ts';
import { openCatalog } from '../src/schemas/catalog.ts';

const NAMESPACE = 'defaults';
const objects = ['objects.yaml', 'versions.yaml'].flatMap(name =>
  parseDocuments(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'), name).map(
    ({ value }) => value as KubernetesObject,
  ),
);

function isOf({ metadata }: KubernetesObject, version: string): boolean {
  const { since } = textMap(metadata['labels']);
  return since === undefined || minorOf(since) <= minorOf(version);
}

/** What only a cluster can give, by kind: addresses, ports and ids that it chooses, and what its admission plugins add. */
const fromTheCluster: Readonly<Record<string, readonly RegExp[]>> = {
  '': [/^\/metadata\/(?:uid|creationTimestamp|generation)$/],
  Service: [/^\/spec\/(?:clusterIPs?|ipFamil\w+|ports\/\d+\/nodePort)$/],
  Job: [/^\/metadata\/labels/, /^\/spec\/(?:selector|template\/metadata\/labels)/],
  Pod: [
    /^\/spec\/(?:priority|preemptionPolicy|tolerations|volumes|(?:c|initC)ontainers\/\d+\/volumeMounts)/,
    /^\/status/,
  ],
  DaemonSet: [/^\/metadata\/annotations$/],
  PersistentVolumeClaim: [/^\/metadata\/finalizers$/],
  PersistentVolume: [/^\/metadata\/finalizers$/, /^\/status\/lastPhaseTransitionTime$/],
  Namespace: [/^\/spec\/finalizers$/],
  // The old version's percentage comes from converting the new one's metrics.
  HorizontalPodAutoscaler: [/^\/spec\/targetCPUUtilizationPercentage$/],
};

function differences(own: JsonValue | undefined, theirs: JsonValue | undefined, pointer = ''): string[] {
  if (isJsonObject(own) && isJsonObject(theirs))
    return [...new Set([...Object.keys(own), ...Object.keys(theirs)])].flatMap(key =>
      differences(own[key], theirs[key], `${pointer}/${key}`),
    );
  if (Array.isArray(own) && Array.isArray(theirs))
    return Array.from({ length: Math.max(own.length, theirs.length) }).flatMap((_, index) =>
      differences(own[index] as JsonValue, theirs[index] as JsonValue, `${pointer}/${index}`),
    );
  return JSON.stringify(own) === JSON.stringify(theirs) ? [] : [pointer];
}

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const catalog = openCatalog(readBuiltInSchemas(version));
  const own = objects.filter(object => isOf(object, version));
  const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

  it.each(own.map(object => [`${object.kind} ${object.metadata.name}`, object] as const))(
    '%s is filled in as the API server answers a dry run',
    async (_title, object) => {
      const kind = catalog.find(object.apiVersion, object.kind);
      if (kind === undefined) throw new Error('the fixture has a kind that is not there');
      const root = object.apiVersion.includes('/')
        ? `/apis/${object.apiVersion}`
        : `/api/${object.apiVersion}`;
      const scope = kind.namespaced ? `${root}/namespaces/${NAMESPACE}` : root;
      const { status, body } = await server.send('POST', `${scope}/${kind.plural}?dryRun=All`, object);
      expect([status, body.message]).toEqual([201, undefined]);
      const { managedFields: _, ...metadata } = body.metadata;
      const view = admissionView(object, kind, NAMESPACE, minorOf(version));
      const found = differences(view, { ...body, metadata });
      const known = [...(fromTheCluster[''] ?? []), ...(fromTheCluster[object.kind] ?? [])];
      expect(found.filter(pointer => !known.some(pattern => pattern.test(pointer)))).toEqual([]);
    },
  );
});
