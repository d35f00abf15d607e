import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseReport } from '@slipway/core';
import { copyOfShop, runIn } from './support/copy.ts';

const folder = copyOfShop();

describe('slipway check', () => {
  it('says of each destination that it passed', async () => {
    expect(await runIn(folder, 'check', '--formation', 'production')).toEqual({
      exitCode: 0,
      printed: [
        'production/eu: passed, 0 errors and 0 warnings in 13 objects',
        'production/us: passed, 0 errors and 0 warnings in 13 objects',
      ].join('\n'),
      complaints: '',
    });
  });

  it.each([
    ['--fail-on', 'errors', 'the flag "--fail-on" is "errors"; write error or warning (usage)'],
    ['--kubernetes-version', 'new', 'the flag "--kubernetes-version" is "new"'],
    ['--packs', 'workload', '"workload"'],
    ['--base', 'main', '"main" cannot be compared with, as there is no checkout here'],
  ])('answers nothing for a value that means nothing: %s %s', async (flag, value, message) => {
    const { exitCode, printed, complaints } = await runIn(folder, 'check', flag, value);
    expect([exitCode, printed]).toEqual([2, '']);
    expect(complaints).toContain(message);
  });

  it('refuses flags that plain manifests would leave without effect', async () => {
    const { exitCode, complaints } = await runIn(
      folder,
      'check',
      'stencils',
      '--set',
      'a=b',
      '--formation',
      'c',
    );
    expect(exitCode).toBe(2);
    expect(complaints).toContain(
      'plain manifests are not rendered, so "--formation" and "--set" would be ignored',
    );
  });

  describe('of a container that may do everything', () => {
    beforeAll(() => {
      const stencil = join(folder, 'stencils/api.yaml');
      const text = readFileSync(stencil, 'utf8');
      const privileged = text.replace(/allowPrivilegeEscalation: false/, 'privileged: true');
      expect(privileged).not.toBe(text);
      writeFileSync(stencil, privileged);
    });

    it('fails, and says once for all destinations at which line of the stencil', async () => {
      const { exitCode, printed } = await runIn(folder, 'check');
      expect(exitCode).toBe(1);
      const found = printed.split('\n').filter(line => line.includes('/privileged)'));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(
        /^stencils\/api\.yaml:\d+:\d+: error: Deployment api: .+\[production\/eu, production\/us, staging\/main\]/,
      );
    });

    it('is one report with --json, whose findings name their destinations', async () => {
      const { exitCode, printed } = await runIn(folder, 'check', '--json');
      const { verdict, findings } = parseReport(printed, 'the answer');
      expect([exitCode, verdict]).toEqual([1, 'failed']);
      expect(new Set(findings.map(({ destination }) => destination))).toEqual(new Set(['eu', 'us', 'main']));
    });

    it('checks plain manifests, and fails for warnings only if it is told to', async () => {
      const args = ['check', 'stencils/cache.yaml'];
      expect((await runIn(folder, ...args)).exitCode).toBe(0);
      expect((await runIn(folder, ...args, '--fail-on', 'warning')).exitCode).toBe(1);
    });
  });
});
