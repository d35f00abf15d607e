import { once } from 'node:events';
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findTestbed, startTestbed } from '../src/index.ts';
import { eventually, processesWith } from './processes.ts';
import { CLI, firstLine, runScript, STARTER } from './scripts.ts';

const BUILD = 600_000;

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function isGone(folder: string): Promise<boolean> {
  return !(await exists(folder)) && (await processesWith(folder)).length === 0;
}

describe('the lifetime of a testbed', () => {
  beforeAll(async () => {
    const built = await startTestbed({ parts: ['cluster', 'registry', 'buildkit'] });
    await built.stop();
  }, BUILD);

  it('ends when it is stopped, and leaves nothing', async () => {
    const testbed = await startTestbed({ parts: ['cluster', 'registry', 'buildkit'] });
    expect(await processesWith(testbed.directory)).not.toEqual([]);
    await testbed.stop();
    expect(await isGone(testbed.directory)).toBe(true);
  });

  it('is another one each time, so that several run beside each other', async () => {
    const testbeds = await Promise.all(
      [1, 2, 3].map(async () => await startTestbed({ parts: ['cluster', 'registry'] })),
    );
    const servers = new Set(testbeds.map(({ cluster }) => cluster?.server));
    const registries = new Set(testbeds.map(({ registry }) => registry?.address));
    const answers = await Promise.all(
      [...registries].map(async address => (await fetch(`http://${address}/v2/`)).status),
    );
    await Promise.all(testbeds.map(async testbed => await testbed.stop()));
    expect([servers.size, registries.size]).toEqual([3, 3]);
    expect(answers).toEqual([200, 200, 200]);
  });

  it('ends with the process that started it, even by kill -9', async () => {
    const child = runScript(STARTER, ['cluster', 'registry', 'buildkit']);
    const folder = await firstLine(child, /^(\/.*)$/);
    expect((await processesWith(folder)).length).toBeGreaterThan(5);
    child.kill('SIGKILL');
    expect(await eventually(async () => await isGone(folder))).toBe(true);
  });

  it('ends with Ctrl-C on the command line', async () => {
    const child = runScript(CLI, ['up', '--name', 'interrupted', '--parts', 'registry']);
    const logs = await firstLine(child, /^ {2}logs +(.*)$/);
    child.kill('SIGINT');
    const [status] = await once(child, 'exit');
    expect(status).toBe(0);
    expect(await isGone(join(logs, '..'))).toBe(true);
  });

  it('leaves no process behind when its supervisor is killed, and the next start removes its folder', async () => {
    const child = runScript(STARTER, ['cluster']);
    const folder = await firstLine(child, /^(\/.*)$/);
    const supervisor = JSON.parse(await readFile(join(folder, 'supervisor.json'), 'utf8')) as { pid: number };
    process.kill(supervisor.pid, 'SIGKILL');
    child.kill('SIGKILL');
    expect(await eventually(async () => (await processesWith(folder)).length === 0)).toBe(true);
    const next = await startTestbed({ parts: ['registry'] });
    await next.stop();
    expect(await exists(folder)).toBe(false);
  });

  it('can be left running under a name, found again and stopped', async () => {
    const testbed = await startTestbed({ parts: ['registry'], name: 'left-running' });
    await testbed.detach();
    const found = await findTestbed('left-running');
    expect(found.registry).toEqual(testbed.registry);
    expect((await fetch(`http://${found.registry?.address}/v2/`)).status).toBe(200);
    await found.stop();
    await expect(findTestbed('left-running')).rejects.toMatchObject({ code: 'testbed-not-running' });
    expect(await isGone(testbed.directory)).toBe(true);
  });

  it('can be stopped by its starter after having been let go', async () => {
    const testbed = await startTestbed({ parts: ['registry'], name: 'let-go' });
    await testbed.detach();
    await testbed.stop();
    expect(await isGone(testbed.directory)).toBe(true);
  });

  it('refuses a second one of a name', async () => {
    const testbed = await startTestbed({ parts: ['registry'], name: 'twice' });
    try {
      await expect(startTestbed({ parts: ['registry'], name: 'twice' })).rejects.toMatchObject({
        code: 'testbed-option',
      });
    } finally {
      await testbed.stop();
    }
  });

  it('stops when it is told to before it is ready, and leaves nothing', async () => {
    const stop = new AbortController();
    const starting = startTestbed({ parts: ['cluster'], name: 'too-long', signal: stop.signal });
    const cancelled = expect(starting).rejects.toMatchObject({ code: 'testbed-cancelled' });
    expect(await eventually(async () => (await processesWith('too-long')).length > 0)).toBe(true);
    stop.abort();
    await cancelled;
    expect(await processesWith('too-long')).toEqual([]);
    // A folder that was left would be in the way.
    await (await startTestbed({ parts: ['registry'], name: 'too-long' })).stop();
  });
});

describe('a testbed of programs that do not work', () => {
  let assets = '';

  beforeAll(async () => {
    assets = await mkdtemp(join(tmpdir(), 'slipway-assets-'));
    for (const name of ['etcd', 'kube-apiserver']) {
      await writeFile(join(assets, name), '#!/bin/sh\necho "no disk"\nexit 7\n');
      await chmod(join(assets, name), 0o755);
    }
  });

  afterAll(async () => {
    await rm(assets, { recursive: true });
  });

  it('fails with one sentence that names a log which is still there', async () => {
    const error = await startTestbed({ parts: ['cluster'], use: { assets } }).catch(
      (reason: unknown) => reason,
    );
    const { message } = error as Error;
    expect(error).toMatchObject({ code: 'testbed-start' });
    const [, log = ''] =
      /^(?:etcd|kube-apiserver) of the testbed ended with status 7; see (\S+)$/.exec(message) ?? [];
    expect(await readFile(log, 'utf8')).toBe('no disk\n');
    expect(await processesWith(join(log, '../..'))).toEqual([]);
    await rm(join(log, '../..'), { recursive: true });
  });

  it('does not prevent the next start under its name', async () => {
    const name = 'second-try';
    const failing = startTestbed({ parts: ['cluster'], use: { assets }, name });
    await expect(failing).rejects.toMatchObject({ code: 'testbed-start' });
    const testbed = await startTestbed({ parts: ['registry'], name });
    await testbed.stop();
    expect(await exists(testbed.directory)).toBe(false);
  });

  it('says so when the folder has none', async () => {
    const starting = startTestbed({ parts: ['cluster'], use: { assets: tmpdir() } });
    await expect(starting).rejects.toMatchObject({ code: 'testbed-machine' });
  });
});
