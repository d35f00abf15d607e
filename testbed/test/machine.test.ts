import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requireCompiler, requireGo, requireLinux, requireRoot } from '../src/build/machine.ts';
import { partOf } from '../src/build/parts.ts';

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
    expect(() => requireRoot(1000)).toThrow(expect.objectContaining({ code: 'testbed-machine' }));
    expect(() => requireRoot(0)).not.toThrow();
  });

  it('is Linux', () => {
    expect(() => requireLinux('darwin')).toThrow('the testbed runs on Linux only, and this is darwin');
  });
});
