import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { kubernetesModule } from '../src/build/kubernetes-module.ts';
import { DEFAULT_KUBERNETES, KUBERNETES_VERSIONS, partOf } from '../src/build/parts.ts';

const UPSTREAM = `module k8s.io/kubernetes

go 1.24.0

require (
	go.etcd.io/etcd/api/v3 v3.5.21
	go.etcd.io/etcd/client/v3 v3.5.21
	k8s.io/api v0.0.0
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/kubectl => ./staging/src/k8s.io/kubectl
)
`;

describe('the module of another Kubernetes version', () => {
  it('takes etcd, Go and the staging modules from that version', () => {
    expect(
      kubernetesModule('control-plane', '1.33.13', UPSTREAM),
    ).toBe(`module slipway.dev/testbed/control-plane

go 1.24.0

require (
	go.etcd.io/etcd/server/v3 v3.5.21
	k8s.io/component-base v0.33.13
	k8s.io/kubectl v0.33.13
	k8s.io/kubernetes v1.33.13
)

replace k8s.io/api => k8s.io/api v0.33.13
replace k8s.io/kubectl => k8s.io/kubectl v0.33.13
`);
  });

  it('leaves out for the kubelet what only the control plane needs', () => {
    const module = kubernetesModule('kubelet', '1.33.13', UPSTREAM);
    expect(module).toContain('module slipway.dev/testbed/kubelet\n');
    expect(module).not.toContain('etcd');
    expect(module).toContain('require (\n\tk8s.io/component-base v0.33.13\n\tk8s.io/kubernetes v1.33.13\n)');
  });

  it.each(['control-plane', 'kubelet'] as const)('is not needed for the version that go/%s pins', name => {
    const pinned = readFileSync(new URL(`../go/${name}/go.mod`, import.meta.url), 'utf8');
    const { version } = partOf(name, DEFAULT_KUBERNETES);
    expect(pinned).toContain(`k8s.io/kubernetes v${version}\n`);
    expect(partOf(name).ldflags).toContain(`gitVersion=v${version}`);
  });

  it('is known for every supported version, and for no other', () => {
    expect(Object.keys(KUBERNETES_VERSIONS)).toEqual(['1.33', '1.34', '1.35', '1.36', '1.37']);
    expect(() => partOf('control-plane', '1.32')).toThrow(
      expect.objectContaining({ code: 'testbed-option' }),
    );
  });
});

describe('the versions in the table of parts', () => {
  it.each([
    ['kube-proxy', 'k8s.io/kubernetes'],
    ['node', 'github.com/containerd/containerd/v2'],
    ['kwok', 'sigs.k8s.io/kwok'],
    ['registry', 'github.com/distribution/distribution/v3'],
    ['runc', 'github.com/opencontainers/runc'],
    ['buildkit', 'github.com/moby/buildkit'],
    ['dockerfile', 'github.com/moby/buildkit'],
    ['buildx', 'github.com/docker/buildx'],
    ['crane', 'github.com/google/go-containerregistry'],
    ['act', 'github.com/nektos/act'],
    ['actionlint', 'github.com/rhysd/actionlint'],
    ['helm', 'helm.sh/helm/v4'],
    ['sops', 'github.com/getsops/sops/v3'],
    ['vault', 'github.com/hashicorp/vault'],
    ['yaml', 'sigs.k8s.io/yaml'],
  ] as const)('are those that go.mod pins: %s', (name, module) => {
    const pinned = readFileSync(new URL(`../go/${name}/go.mod`, import.meta.url), 'utf8');
    expect(pinned).toContain(`${module} v${partOf(name).version}`);
  });
});
