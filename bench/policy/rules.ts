import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The same three rules in Kubernetes' own language and in Rego: no latest, memory limits, a team and two replicas. */
const expressions: Readonly<Record<string, string>> = {
  'no-latest': "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))",
  limits:
    "object.spec.template.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)",
  team: "has(object.metadata.labels) && 'team' in object.metadata.labels && object.spec.replicas >= 2",
};

function policy([name, expression]: readonly [string, string]): string {
  return `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: ${name}
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments] }
  validations:
    - expression: ${JSON.stringify(expression)}
      message: ${name}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: ${name}
spec:
  policyName: ${name}
  validationActions: [Deny]
`;
}

const rego = `package main

import rego.v1

deny contains "no-latest" if {
  some container in input.spec.template.spec.containers
  endswith(container.image, ":latest")
}

deny contains "limits" if {
  some container in input.spec.template.spec.containers
  not container.resources.limits.memory
}

deny contains "team" if not input.metadata.labels.team

deny contains "team" if input.spec.replicas < 2
`;

/** Writes both; gives their folders. */
export function writeRules(folder: string): { readonly policies: string; readonly rego: string } {
  const paths = { policies: join(folder, 'policies'), rego: join(folder, 'rego') };
  for (const path of Object.values(paths)) mkdirSync(path, { recursive: true });
  const text = Object.entries(expressions).map(policy).join('---\n');
  writeFileSync(join(paths.policies, 'rules.yaml'), text);
  writeFileSync(join(paths.rego, 'rules.rego'), rego);
  return paths;
}
