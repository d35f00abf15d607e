import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requireCompiler, requireGo, requireLinux, requireRoot } from '../src/build/machine.ts';
import { partOf } from '../src/build/parts.ts';
import { requireRealNode } from '../src/run/real-node.ts';

describe('what this machine must have', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-path-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }

  it('is Go, and without it the control plane names what serves instead', async () => {
    const message =
      'control-plane cannot be built: this machine has no Go; install Go 1.26 or newer (https://go.dev/dl), or use what ' +
      'you have: KUBECONFIG with --use-kubeconfig, or KUBEBUILDER_ASSETS with --use-assets';
    await expect(requireGo(partOf('control-plane'), { PATH: folder })).rejects.toMatchObject({
      code: 'testbed-machine',
      message,
    });
  });

  it('is a Go that is new enough, or one that may fetch a newer', async () => {
    await program('go', 'printf "go1.21.5\\nlocal\\n"');
    await expect(requireGo(partOf('kwok'), { PATH: folder })).rejects.toThrow(
      "this machine's Go is go1.21.5",
    );
    await program('go', 'printf "go1.21.5\\nauto\\n"');
    expect(await requireGo(partOf('kwok'), { PATH: folder })).toBe('go1.21.5');
    await program('go', 'printf "go1.27.0\\nlocal\\n"');
    expect(await requireGo(partOf('kwok'), { PATH: folder })).toBe('go1.27.0');
  });

  it('is a C compiler for runc', async () => {
    await expect(requireCompiler({ PATH: folder })).rejects.toThrow('neither runc nor a C compiler');
    await program('gcc', 'true');
    await expect(requireCompiler({ PATH: folder })).resolves.toBeUndefined();
  });

  it('is root for BuildKit', () => {
    expect(() => requireRoot('buildkit', 1000)).toThrow(expect.objectContaining({ code: 'testbed-machine' }));
    expect(() => requireRoot('buildkit', 0)).not.toThrow();
  });

  it('is root for a real node, and a control plane of the testbed', async () => {
    expect(() => requireRoot('node', 1000)).toThrow(
      "the testbed's real node needs root; run the command with sudo -E, or leave node out: pods then run on nodes that kwok plays",
    );
    await expect(requireRealNode({ parts: ['node'] }, {})).rejects.toMatchObject({ code: 'testbed-option' });
    const own = { parts: ['cluster', 'node'] as const, use: { kubeconfig: '/config' } };
    await expect(requireRealNode(own, {})).rejects.toMatchObject({ code: 'testbed-option' });
  });

  it('is the right to namespaces for a real node', async () => {
    await program('unshare', 'exit 1');
    const asked = requireRealNode({ parts: ['cluster', 'node'] }, { PATH: folder }, 0);
    await expect(asked).rejects.toThrow(
      /lacks the command unshare, or the right to namespaces.*; run it on a virtual machine/,
    );
  });

  it('is Linux', () => {
    expect(() => requireLinux('darwin')).toThrow('the testbed runs on Linux only, not on darwin');
  });
});
