import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEPLOYER_RULES } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { rolesFor } from '../src/refusals/deployer-role.ts';

const FILE = resolve(import.meta.dirname, '../../../examples/roles/deployer.yaml');
const gadgets = { group: 'acme.io', resource: 'gadgets', namespace: 'shop' };

describe('the Role that grants what is missing', () => {
  it('has the rules of the shipped Role', () => {
    const [role] = parseDocuments(readFileSync(FILE, 'utf8'), FILE).map(({ value }) => value);
    expect(role).toMatchObject({ metadata: { name: 'slipway-deployer' }, rules: DEPLOYER_RULES });
  });

  it('keeps what the credentials may do already, with the names that a rule is restricted to', () => {
    const own = [
      { apiGroups: ['acme.io'], resources: ['widgets'], verbs: ['*'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['one'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['escalate'], resourceNames: ['one'] },
      { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews'], verbs: ['create'] },
    ];
    const missing = [
      { ...gadgets, verb: 'create' },
      { ...gadgets, verb: 'patch' },
      { group: '', resource: 'secrets', verb: 'update', namespace: 'shop' },
    ];
    const rules = new Map([['shop', own]]);
    expect(rolesFor(missing, { needed: missing, rules }, 'shop')).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'slipway-deployer', namespace: 'shop' },
        rules: [
          ...DEPLOYER_RULES,
          own[0],
          own[2],
          { apiGroups: ['acme.io'], resources: ['gadgets'], verbs: ['create', 'patch'] },
        ],
      },
    ]);
  });

  it('has every right of cluster scope that the release needs, as none can be told from a list', () => {
    const roles = { group: 'rbac.authorization.k8s.io', resource: 'clusterroles' };
    const [get, patch] = ['get', 'patch'].map(verb => ({ ...roles, verb }));
    const needed = [get, patch].filter(right => right !== undefined);
    expect(rolesFor(needed.slice(1), { needed, rules: new Map() }, 'shop')).toMatchObject([
      { kind: 'ClusterRole', rules: [{ resources: ['clusterroles'], verbs: ['get', 'patch'] }] },
    ]);
  });
});
