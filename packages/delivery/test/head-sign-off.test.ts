import { describe, expect, it } from '@jest/globals';
import type { Finding, Snapshot, Verdict } from '@slipway/core';
import { type FileSource, readRepository } from '@slipway/render';
import { scratch, write } from '@slipway/testkit/git';
import type { DesiredState } from '../src/desired/desired-state.ts';
import { headFindings } from '../src/guard/head-sign-off.ts';
import type { DeliveryHistory } from '../src/surroundings.ts';

const [PASSED, HEAD] = ['a'.repeat(40), 'b'.repeat(40)];

type Texts = Readonly<Record<string, string>>;

const stencil = (port: number): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: api }\ndata: { port: "${port}" }\n`;
const formation = (name: string, more = ''): string =>
  `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: { name: ${name} }\nspec:\n${more}  destinations: { main: { namespace: ${name} } }\n`;

const filesWith = (signOff: string, port = 8080): Texts => ({
  'slipway.yaml':
    'apiVersion: slipway.dev/v1\nkind: Application\nmetadata: { name: shop }\nspec:\n  registry: registry.example/shop\n  services: { api: { image: docker.io/library/api:1 } }\n',
  'formations/staging.yaml': formation('staging'),
  'formations/production.yaml': formation('production', `  promoted-from: staging\n${signOff}`),
  'stencils/api.yaml': stencil(port),
});

function inMemory(files: Texts): FileSource {
  const list = (folder: string): Promise<string[]> =>
    Promise.resolve(Object.keys(files).filter(path => path.startsWith(`${folder}/`)));
  const read = (path: string): Promise<Uint8Array | undefined> =>
    Promise.resolve(Object.hasOwn(files, path) ? Buffer.from(files[path] ?? '') : undefined);
  return { list, listAll: list, read };
}

interface Found {
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

const NAMED = '  head-sign-off: "@ada, acme/operators"\n';

async function found(
  given: {
    readonly signOff?: string;
    readonly port?: number;
    readonly revision?: string | null;
    readonly isOpen?: boolean;
    readonly set?: readonly string[];
  } = {},
): Promise<Found> {
  const { signOff = NAMED, port = 9090, revision = HEAD, isOpen = true, set } = given;
  const workspace = scratch();
  write(workspace, filesWith(signOff, port));
  const repository = await readRepository({ workspace, application: 'slipway.yaml' });
  const production = repository.formations.get('production');
  const warnings: string[] = [];
  const findings = await headFindings(
    {
      snapshot: { deploymentTag: 'v1', gitRevision: PASSED } as Snapshot,
      ...{ formation: 'staging', request: { application: '' } },
      verdicts: new Map([['main', { verdict: 'succeeded', configRevision: PASSED } as Verdict]]),
      desired: {
        identity: { application: 'shop', formation: 'production' },
        checkout: { repository, formation: production },
        ...{ configRevision: revision ?? undefined, digest: 'sha256:tree', set },
      } as unknown as DesiredState,
      history: {
        head: () => Promise.resolve(HEAD),
        isContained: () => Promise.resolve(true),
      } as unknown as DeliveryHistory,
    },
    {
      workspace,
      logger: { debug: () => {}, info: () => {}, warning: text => warnings.push(text) },
      earlier: {
        openCommit: () => Promise.resolve(isOpen ? inMemory(filesWith(signOff)) : undefined),
        otherCheckouts: inMemory({}),
      },
    },
  );
  return { findings, warnings };
}

describe('config: head', () => {
  it('needs the approval of those whom the formation names where what others share differs', async () => {
    const { findings, warnings } = await found();
    expect(findings).toMatchObject([{ severity: 'sign-off', approvers: ['ada', 'acme/operators'] }]);
    expect(findings[0]?.message).toBe(
      'config: head has stencils or values that other formations share and that did not pass in "staging": stencils/api.yaml; @ada or @acme/operators may approve that',
    );
    expect(warnings).toEqual([]);
  });

  it('needs it again for another change, and not for the same', async () => {
    const prints = await Promise.all([found(), found(), found({ port: 9091 })]);
    const [one, same, other] = prints.map(({ findings }) => findings[0]?.fingerprint);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('needs none where nothing that others share differs', async () => {
    expect(await found({ port: 8080 })).toEqual({ findings: [], warnings: [] });
  });

  it('needs it for values that the run set, whatever else is the same', async () => {
    const { findings } = await found({ port: 8080, set: ['config.port'] });
    expect(findings[0]?.message).toContain('config.port (input "set")');
  });

  it('needs it for files that no commit has, and where it is not known what differs', async () => {
    const [changed, unknown] = await Promise.all([
      found({ port: 8080, revision: null }),
      found({ isOpen: false }),
    ]);
    expect(changed.findings[0]?.message).toContain('files that no commit has');
    expect(unknown.findings[0]?.message).toContain('is not known');
  });

  it('warns where the formation names no one', async () => {
    const { findings, warnings } = await found({ signOff: '' });
    expect(findings).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/stencils\/api\.yaml; no one has to sign that off/)]);
  });
});
