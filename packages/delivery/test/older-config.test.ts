import { describe, expect, it } from '@jest/globals';
import type { ChangedCommits } from '@slipway/render';
import { type OlderConfigQuery, olderConfigProblems } from '../src/guard/older-config.ts';
import type { DeliveryHistory } from '../src/surroundings.ts';

const [PASSED, OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

const takenBack: ChangedCommits = {
  commits: [{ id: NEW, subject: 'platform: lower the quota' }],
  count: 1,
  lines: [{ path: 'platform/stencils/quota.yaml', line: 7 }],
};

interface Given {
  readonly live?: Readonly<Record<string, string>>;
  readonly promoted?: Readonly<Record<string, string>>;
  readonly isContained?: boolean | undefined;
  readonly request?: OlderConfigQuery['request'];
  readonly configRevision?: string | undefined;
}

interface Judged {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

async function judged(given: Given): Promise<Judged> {
  const { live = { platform: NEW }, promoted = { platform: OLD } } = given;
  const isContained = 'isContained' in given ? given.isContained : false;
  const warnings: string[] = [];
  const history: DeliveryHistory = {
    head: () => Promise.resolve(PASSED),
    isContained: () => Promise.resolve(true),
    takenBack: () => Promise.resolve(undefined),
    shared: () => ({
      isContained: () => Promise.resolve(isContained),
      takenBack: () => Promise.resolve(isContained === undefined ? undefined : takenBack),
    }),
  };
  const configRevision = 'configRevision' in given ? given.configRevision : PASSED;
  const problems = await olderConfigProblems({
    ...{ promoted: PASSED, sharedRevisions: promoted, history },
    previous: {
      number: 12,
      sharedRevisions: live,
      ...(configRevision === undefined ? {} : { configRevision }),
    },
    request: given.request ?? { allowOlderConfig: false, reason: '' },
    logger: { info: () => undefined, warning: text => warnings.push(text) },
  });
  return { problems: problems.map(({ code, message }) => `${code}: ${message}`), warnings };
}

describe('a promotion with an older commit of a shared folder than the one that is live', () => {
  it('is refused, with the commits and lines that it would take back', async () => {
    expect((await judged({})).problems).toEqual([
      'config-older: release 12, which is live, has the second checkout with "platform" at cccccccccccc, which bbbbbbbbbbbb, with which this passed, does not contain: this takes back 1 commit (cccccccccccc "platform: lower the quota"), with platform/stencils/quota.yaml:7',
    ]);
  });

  it('is refused where the commit of the application is not known either', async () => {
    const { problems, warnings } = await judged({ configRevision: undefined });
    expect([problems.length, warnings.length]).toEqual([1, 1]);
  });

  it('is refused where the history cannot be read, and says so', async () => {
    expect((await judged({ isContained: undefined })).problems).toEqual([
      expect.stringMatching(/^config-older: .*it is not known whether bbbbbbbbbbbb.*fetch-depth: 0/),
    ]);
  });

  it('goes on with a reason, and warns of what it takes back', async () => {
    const allowed = await judged({ request: { allowOlderConfig: true, reason: 'the quota was wrong' } });
    expect(allowed).toEqual({ problems: [], warnings: [expect.stringContaining('quota.yaml:7')] });
    const reasonless = await judged({ request: { allowOlderConfig: true, reason: '' } });
    expect(reasonless.problems.map(text => text.split(':')[0])).toEqual(['reason-missing', 'config-older']);
  });

  it('is warned of where what passed has no such checkout, since that cannot be compared', async () => {
    const { problems, warnings } = await judged({ promoted: {} });
    expect([problems, warnings]).toEqual([[], [expect.stringMatching(/"platform".*is not known/)]]);
  });

  it.each<[string, Given]>([
    ['the live commit is contained in it', { isContained: true }],
    ['both are the same', { promoted: { platform: NEW } }],
    ['what is live has no such checkout', { live: {} }],
  ])('is not older where %s', async (_name, given) => {
    expect(await judged(given)).toEqual({ problems: [], warnings: [] });
  });
});
