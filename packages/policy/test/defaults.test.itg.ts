import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { type ApiServer, createAll, openApiServer } from '@slipway/testkit/cluster';
import { parseDocuments } from '@slipway/yaml';
import { admissionView } from '../src/defaults/admission-view.ts';
import { readBuiltInSchemas } from '../src/schemas/built-in.ts';
import { openCatalog } from '../src/schemas/catalog.ts';

const cluster = useCluster();

const NAMESPACE = 'defaults';
const catalog = openCatalog(readBuiltInSchemas('1.36'));
const fixture = readFileSync(join(import.meta.dirname, 'fixtures/objects.yaml'), 'utf8');
const objects = parseDocuments(fixture, 'objects.yaml').map(({ value }) => value as KubernetesObject);

/** What only a cluster can give, by kind: addresses, ports and ids that it chooses, and what its admission plugins add. */
const fromTheCluster: Readonly<Record<string, readonly RegExp[]>> = {
  '': [/^\/metadata\/(?:uid|creationTimestamp|generation)$/],
  Service: [/^\/spec\/(?:clusterIPs?|ipFamil\w+|ports\/\d+\/nodePort)$/],
  Job: [/^\/metadata\/labels/, /^\/spec\/(?:selector|template\/metadata\/labels)/],
  Pod: [
    /^\/spec\/(?:priority|preemptionPolicy|tolerations|volumes|containers\/\d+\/volumeMounts)/,
    /^\/status/,
  ],
  DaemonSet: [/^\/metadata\/annotations$/],
  PersistentVolumeClaim: [/^\/metadata\/finalizers$/],
  PersistentVolume: [/^\/metadata\/finalizers$/, /^\/status\/lastPhaseTransitionTime$/],
  Namespace: [/^\/spec\/finalizers$/],
  // The old version's percentage comes from converting the new one's metrics.
  HorizontalPodAutoscaler: [/^\/spec\/targetCPUUtilizationPercentage$/],
  // A default that depends on a feature of the cluster.
  CSIDriver: [/^\/spec\/seLinuxMount$/],
};

let server: ApiServer;

beforeAll(async () => {
  server = openApiServer(cluster.kubeconfig);
  await createAll(server, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
}, 600_000);

afterAll(() => server.stop());

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

it.each(objects.map(object => [`${object.kind} ${object.metadata.name}`, object] as const))(
  '%s is filled in as the API server answers a dry run',
  async (_title, object) => {
    const kind = catalog.find(object.apiVersion, object.kind);
    if (kind === undefined) throw new Error('the fixture has a kind that is not there');
    const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    const place = kind.namespaced ? `${root}/namespaces/${NAMESPACE}` : root;
    const { status, body } = await server.send('POST', `${place}/${kind.plural}?dryRun=All`, object);
    expect([status, body.message]).toEqual([201, undefined]);
    const { managedFields: _, ...metadata } = body.metadata;
    const found = differences(admissionView(object, kind, NAMESPACE), { ...body, metadata });
    const known = [...(fromTheCluster[''] ?? []), ...(fromTheCluster[object.kind] ?? [])];
    expect(found.filter(pointer => !known.some(pattern => pattern.test(pointer)))).toEqual([]);
  },
);
