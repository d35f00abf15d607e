import { describe, expect, it } from '@jest/globals';
import { Problems } from '@slipway/core';
import { parsePlain } from '../src/manifests/parse-plain.ts';

const EXPORTED = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  creationTimestamp: "2026-11-28T10:00:00Z"
  uid: 1b4e28ba-2fa1-11d2-883f-0016d3cca427
  resourceVersion: "7"
  generation: 1
  managedFields: [{manager: kubectl}]
  labels: {app: shop}
data: {level: info}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other, creationTimestamp: null}
`;

describe('a manifest that was exported from a cluster', () => {
  it('loses the fields of the server, each with a warning at its position', async () => {
    const problems = new Problems<never>();
    const { objects, warnings } = await parsePlain(EXPORTED, 'all.yaml', problems as never);
    expect(problems.found).toEqual([]);
    expect(objects[0]?.object.metadata).toEqual({ name: 'settings', labels: { app: 'shop' } });
    expect(warnings.map(({ code, at, message }) => [code, at?.line, message.split(' ')[0]])).toEqual([
      ['object-exported', 5, 'metadata.creationTimestamp'],
      ['object-exported', 8, 'metadata.generation'],
      ['object-exported', 9, 'metadata.managedFields'],
      ['object-exported', 7, 'metadata.resourceVersion'],
      ['object-exported', 6, 'metadata.uid'],
    ]);
  });
});
