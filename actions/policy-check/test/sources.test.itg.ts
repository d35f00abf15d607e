import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';
import { APPLICATION, checkPullRequest, errors } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';

let environment: Record<string, string>;
beforeAll(async () => {
  environment = { PATH: `${dirname(await toolPath('helm'))}:/usr/bin:/bin` };
}, 600_000);

const CHART = {
  ...APPLICATION,
  'formations/production.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: production }
spec:
  kubernetes: "1.34"
  sources: { door: { helm: { chart: charts/door, values: { address: 10.0.0.1 } } } }
  destinations: { eu: { namespace: shop } }
`,
  'charts/door/Chart.yaml': 'apiVersion: v2\nname: door\nversion: 1.0.0\n',
  'charts/door/templates/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: door
spec:
  type: LoadBalancer
  loadBalancerIP: {{ .Values.address }}
  selector: {app: web}
  ports: [{port: 443}]
`,
  'policies/address.yaml': `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: address }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [services] }]
  validations:
    - expression: "object.spec.?loadBalancerIP == oldObject.spec.?loadBalancerIP"
      message: the load balancer's address changed
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: address }
spec: { policyName: address, validationActions: [Deny] }
`,
};

describe('a chart of a pull request', () => {
  it("is compared with the base commit's own chart and values", async () => {
    const values = { 'formations/production.yaml': replacing('10.0.0.1', '10.0.0.2') };
    const checked = await checkPullRequest({ files: CHART, edits: values, environment });
    expect(checked.annotations).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        title: 'Slipway: address',
        file: 'charts/door/templates/service.yaml',
        line: 7,
      }),
    );
    const template = { 'charts/door/templates/service.yaml': replacing('{{ .Values.address }}', '10.0.0.3') };
    expect(errors(await checkPullRequest({ files: CHART, edits: template, environment }))).toEqual([
      'address',
    ]);
  });

  it('is the same if the pull request changes something else', async () => {
    const edits = { 'stencils/web.yaml': replacing('storefront', 'shop') };
    const checked = await checkPullRequest({ files: CHART, edits, environment });
    expect(errors(checked)).toEqual([]);
  });
});
