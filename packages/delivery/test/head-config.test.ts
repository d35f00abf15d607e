import { describe, expect, it } from '@jest/globals';
import type { DesiredState } from '../src/desired/desired-state.ts';
import { headProblems } from '../src/guard/promoted-config.ts';
import type { DeliveryHistory } from '../src/surroundings.ts';

const [HEAD, OTHER] = ['a'.repeat(40), 'b'.repeat(40)];

interface Judged {
  readonly codes: readonly string[];
  readonly warnings: readonly string[];
}

async function judged(
  configRevision: string | undefined,
  reason: string,
  head: string | null = HEAD,
): Promise<Judged> {
  const warnings: string[] = [];
  const problems = await headProblems(
    {
      desired: { configRevision } as DesiredState,
      request: { config: 'head', reason },
      history: { head: () => Promise.resolve(head ?? undefined) } as DeliveryHistory,
    },
    { warning: line => warnings.push(line) },
  );
  return { codes: problems.map(({ code }) => code), warnings };
}

describe('a tree with the stencils and config of the checkout', () => {
  it('is deployed without a warning where it is what is checked out', async () => {
    expect(await judged(HEAD, 'an incident')).toEqual({ codes: [], warnings: [] });
  });

  it('is deployed with a warning where a step changed the checkout, so that no commit has it', async () => {
    const { codes, warnings } = await judged(undefined, 'an incident');
    expect(codes).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/aaaaaaaaaaaa.*name no commit.*not promoted/)]);
  });

  it('is refused without a reason, changed or not', async () => {
    expect((await judged(HEAD, '')).codes).toEqual(['reason-missing']);
    expect((await judged(undefined, '')).codes).toEqual(['reason-missing']);
  });

  it('is refused where it has another commit, or nothing is checked out', async () => {
    expect((await judged(OTHER, 'an incident')).codes).toEqual(['config-not-passed']);
    expect((await judged(undefined, 'an incident', null)).codes).toEqual(['config-not-passed']);
  });
});
