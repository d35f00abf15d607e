import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseReport } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import { APPLICATION, checkPullRequest, type Edits, errors } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';

const NO_ROOT = 'pod-security/restricted/run-as-non-root';
const asRoot = replacing('runAsNonRoot: true', 'runAsNonRoot: false');
const withPacks = (packs: string): string =>
  replacing('[pod-security/restricted]', packs)(APPLICATION['formations/production.yaml'] as string);
const web = APPLICATION['stencils/web.yaml'] as string;

/** An application that does not keep to the pack that its formation adopts. */
const ADOPTING = {
  ...APPLICATION,
  'stencils/web.yaml': asRoot(web),
  'formations/production.yaml': withPacks('[pod-security/restricted: new]'),
};
const other = asRoot(web.split('---\n')[0] ?? '')
  .replaceAll('web', 'other')
  .replace('image.other', 'image.web');

function told({ outputs }: StepResult): string[] {
  const path = outputs['report'] ?? '';
  const { findings } = parseReport(readFileSync(path, 'utf8'), path);
  return findings
    .filter(({ severity }) => severity !== 'notice')
    .map(({ severity, rule, object, lowered }) =>
      [severity, rule, object?.name, lowered].filter(Boolean).join(' '),
    );
}

describe('a pack of the level new', () => {
  it('lets a pull request pass that changes something else, and says what was there before', async () => {
    const edits = { 'stencils/web.yaml': replacing('port: 80', 'port: 81') };
    const result = await checkPullRequest({ files: ADOPTING, edits });
    expect([result.exitCode, told(result)]).toEqual([0, [`warning ${NO_ROOT} web as-before`]]);
    expect(result.annotations.map(({ message }) => message).join()).toContain('(it was there before)');
    expect(result.summary).toContain(', there before');
  });

  it('fails a pull request for the object that it adds, and not for the others', async () => {
    const edits = { 'stencils/other.yaml': other };
    const result = await checkPullRequest({ files: ADOPTING, edits });
    expect([result.exitCode, told(result)]).toEqual([
      1,
      [`error ${NO_ROOT} other`, `warning ${NO_ROOT} web as-before`],
    ]);
  });

  it('fails a pull request that takes away what others need', async () => {
    const files = { ...APPLICATION, 'formations/production.yaml': withPacks('[references: new]') };
    const edits: Edits = { 'stencils/web.yaml': text => text.split('---\n')[1] ?? '' };
    const result = await checkPullRequest({ files, edits });
    expect([result.exitCode, told(result)]).toEqual([1, ['error references/service-selects-nothing web']]);
  });

  it('fails for everything, with a sentence, where the base cannot be rendered', async () => {
    const files = {
      ...ADOPTING,
      'stencils/web.yaml': asRoot(web).replace('storefront', '"${config.unknown}"'),
    };
    const edits = { 'stencils/web.yaml': asRoot(web) };
    const result = await checkPullRequest({ files, edits });
    expect([result.exitCode, errors(result).toSorted()]).toEqual([1, ['baseline/unreadable', NO_ROOT]]);
    expect(result.annotations.map(({ message }) => message).join()).toContain(
      'cannot be read, so all that packs of the level "new" find counts as new: ',
    );
  });

  it('warns on a push, where nothing is compared', async () => {
    const result = await checkPullRequest({ files: ADOPTING, edits: {}, eventName: 'push' });
    expect([result.exitCode, told(result)]).toEqual([0, [`warning ${NO_ROOT} web by-level`]]);
  });

  it('compares with the base where change policies compare with nothing', async () => {
    const result = await checkPullRequest({
      ...{ files: ADOPTING, edits: { 'stencils/other.yaml': other } },
      inputs: { baseline: 'none' },
    });
    expect(told(result)).toEqual([`error ${NO_ROOT} other`, `warning ${NO_ROOT} web as-before`]);
  });

  it('counts at once where a pull request makes it one of the level error', async () => {
    const edits = {
      'formations/production.yaml': replacing('[pod-security/restricted: new]', '[pod-security/restricted]'),
    };
    const result = await checkPullRequest({ files: ADOPTING, edits });
    expect(errors(result)).toEqual([NO_ROOT]);
  });

  it('has the stricter level where the input names it too', async () => {
    const named = async (packs: string) =>
      await checkPullRequest({ files: ADOPTING, edits: {}, inputs: { packs } });
    expect(told(await named('pod-security/restricted: warn'))).toEqual([`warning ${NO_ROOT} web as-before`]);
    expect(told(await named('pod-security/restricted'))).toEqual([`error ${NO_ROOT} web`]);
  });
});

describe('plain manifests', () => {
  const PRIVILEGED = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: nginx, securityContext: { privileged: true } }] }
`;
  const files = { 'k8s/web.yaml': PRIVILEGED, 'README.md': '' };
  const check = async (
    inputs: Readonly<Record<string, string>>,
    edits: Edits = {},
    before: typeof files = files,
  ) => await checkPullRequest({ files: before, edits, inputs, manifests: 'k8s' });

  it('get warnings where no one chose packs, and one word turns that off', async () => {
    const advised = await check({});
    expect([advised.exitCode, advised.outputs['verdict']]).toEqual([0, 'passed']);
    expect(told(advised)).toEqual(
      expect.arrayContaining([
        'warning pod-security/baseline/privileged web by-level',
        'warning workloads/fixed-images web by-level',
      ]),
    );
    expect(advised.log).toContain('name packs in the input "packs", or none');
    expect(told(await check({ packs: 'none' }))).toEqual([]);
    expect(told(await check({ packs: 'pod-security/baseline' }))).toEqual([
      'error pod-security/baseline/privileged web',
    ]);
  });

  it('are compared with those of the base', async () => {
    const packs = 'pod-security/baseline: new';
    expect(told(await check({ packs }))).toEqual(['warning pod-security/baseline/privileged web as-before']);
    expect(
      told(await check({ packs }, { 'k8s/web.yaml': PRIVILEGED.replaceAll('name: web', 'name: api') })),
    ).toEqual(['error pod-security/baseline/privileged api']);
  });

  it('that the base does not have are new, which is said', async () => {
    const nothing = { 'README.md': '' } as typeof files;
    const result = await check(
      { packs: 'pod-security/baseline: new' },
      { 'k8s/web.yaml': PRIVILEGED },
      nothing,
    );
    expect(told(result)).toEqual(['error pod-security/baseline/privileged web', 'warning baseline/empty']);
  });
});
