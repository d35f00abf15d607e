import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { expectFailure, SECRET, setStage, succeeded } from './stage.ts';

const stage = setStage();

/** Lets the service web hand out what a stage named `reports` has. */
function exportFrom(steps: string): void {
  const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
  const build = 'build: {context: web, secrets: [token], exports: {tests: reports}}';
  stage.workspace.write('slipway.yaml', file.replace('build: {context: web}', build));
  const base = `FROM ${stage.images.base.name}`;
  stage.workspace.write('web/Dockerfile', `${base} AS test\n${steps}\n${base}\nCOPY --from=test /ok /\n`);
  stage.workspace.commit();
}

const REPORTS = 'FROM scratch AS reports\nCOPY --from=test /out /';
const PULL_REQUEST = {
  eventName: 'pull_request',
  event: { pull_request: { head: { repo: { full_name: 'acme/shop' } } } },
};

describe('files that a build hands out', () => {
  beforeEach(() => {
    exportFrom(`RUN mkdir /out && echo passed > /out/report.txt && touch /ok\n${REPORTS}`);
  });

  it('are in the folder of the output, and the summary lists them', async () => {
    const result = succeeded(await stage.run());
    const folder = result.outputs['exports'] ?? '';
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'web',
      'web/tests',
      'web/tests/report.txt',
    ]);
    expect(readFileSync(join(folder, 'web/tests/report.txt'), 'utf8')).toBe('passed\n');
    expect(result.summary).toContain('web/tests');
  });

  it('are there for a pull request too, which pushes nothing', async () => {
    const result = succeeded(await stage.run({}, {}, PULL_REQUEST));
    expect(existsSync(join(result.outputs['exports'] ?? '', 'web/tests/report.txt'))).toBe(true);
    expect(stage.stored()).toEqual([]);
  });

  it('are there when the test that they report keeps the image from being built', async () => {
    exportFrom(`RUN mkdir /out && echo failed > /out/report.txt\n${REPORTS}`);
    const result = await stage.run();
    expectFailure(result, /the image of "web" does not build: .*\/ok/);
    expect(readFileSync(join(result.outputs['exports'] ?? '', 'web/tests/report.txt'), 'utf8')).toBe(
      'failed\n',
    );
  });

  it('may not hold a build secret', async () => {
    const copy =
      'RUN --mount=type=secret,id=token mkdir /out && cp /run/secrets/token /out/report.txt && touch /ok';
    exportFrom(`${copy}\n${REPORTS}`);
    const result = await stage.run();
    expectFailure(result, /"report\.txt" that "web" exports contains the build secret "token"/);
    expect(result.raw).not.toContain(SECRET);
    expect(existsSync(join(result.outputs['exports'] ?? '', 'web/tests'))).toBe(false);
  });

  it('may not be links to files of the runner', async () => {
    exportFrom(`RUN mkdir /out && ln -s /etc/passwd /out/report.txt && touch /ok\n${REPORTS}`);
    const result = await stage.run();
    expectFailure(result, /the link "report\.txt" that "web" exports leads out of its folder/);
    expect(existsSync(join(result.outputs['exports'] ?? '', 'web/tests'))).toBe(false);
  });

  it('are said to be missing by an empty output where no service exports any', async () => {
    stage.workspace.write('web/Dockerfile', `FROM ${stage.images.base.name}\n`);
    const file = readFileSync(join(stage.workspace.path, 'slipway.yaml'), 'utf8');
    stage.workspace.write('slipway.yaml', file.replace(', exports: {tests: reports}', ''));
    expect(succeeded(await stage.run()).outputs['exports']).toBeUndefined();
  });
});
