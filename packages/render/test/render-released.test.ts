import { describe, expect, it } from '@jest/globals';
import { type SlipwayError, valueAt } from '@slipway/core';
import {
  type ReleasedRequest,
  type RenderedAgain,
  readRepositoryFrom,
  render,
  renderReleased,
} from '../src/index.ts';
import { config, configMap, type Files, inMemory, shopFiles, snapshot } from './support/shop.ts';

const COMMIT = 'a'.repeat(40);
const target = { formation: 'production', destination: 'eu' };

const production = (namespace: string): string => `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: production }
spec:
  promoted-from: staging
  destinations: { eu: { namespace: ${namespace} } }
`;

const filesAt = (namespace: string, port: number): Files => ({
  ...shopFiles,
  'formations/production.yaml': production(namespace),
  'stencils/config.yaml': configMap('port: "${config.port}"'),
  'config/a.yaml': config(`"*.*.port": ${port}`),
});

const THEN = filesAt('old', 8080);
const NOW = filesAt('new', 9090);

interface Given {
  readonly digest?: string | undefined;
  readonly isPromoted?: boolean;
  readonly isContained?: boolean | undefined;
  readonly files?: Files;
}

async function again(given: Given = {}): Promise<RenderedAgain> {
  const checkout = await readRepositoryFrom(inMemory(NOW), 'slipway.yaml');
  const request: ReleasedRequest = {
    ...{ target, snapshot, revision: COMMIT, application: 'slipway.yaml', checkout, head: 'b'.repeat(40) },
    ...{ digest: given.digest, sharedRevisions: {}, isPromoted: given.isPromoted ?? true },
  };
  const files = {
    isContained: () => Promise.resolve('isContained' in given ? given.isContained : true),
    openCommit: (commit: string) =>
      Promise.resolve({ ...inMemory(given.files ?? THEN), revisionOf: () => commit }),
    otherCheckouts: inMemory({}),
  };
  const exec = () => Promise.reject(new TypeError('nothing is run'));
  return await renderReleased(request, files, {
    ...{ exec, workspace: '/workspace', temporaryDirectory: '/tmp', environment: {} },
  });
}

/** The digest that a release has which was rendered from all files of one commit. */
async function wholeDigest(files: Files): Promise<string> {
  const repository = await readRepositoryFrom(inMemory(files), 'slipway.yaml');
  return render(repository, { ...target, snapshot }).rendered.digest;
}

const placeAndPort = ({ rendering: { objects } }: RenderedAgain): unknown[] => [
  objects[0]?.object.metadata['namespace'],
  valueAt(objects[0]?.object ?? {}, ['data', 'port']),
];

describe('a release that is rendered again', () => {
  it('has the destination of the checkout if that gives its digest', async () => {
    const digest = await wholeDigest(filesAt('new', 8080));
    const found = await again({ digest });
    expect(found.isSame).toBe(true);
    expect(placeAndPort(found)).toEqual(['new', '8080']);
  });

  it('is its commit as a whole if that gives its digest', async () => {
    const found = await again({ digest: await wholeDigest(THEN) });
    expect(found.isSame).toBe(true);
    expect(placeAndPort(found)).toEqual(['old', '8080']);
  });

  it.each([
    [true, ['new', '8080']],
    [false, ['old', '8080']],
  ])('is not called the same without its digest (promoted: %s)', async (isPromoted, expected) => {
    for (const digest of [undefined, `sha256:${'0'.repeat(64)}`]) {
      const found = await again({ isPromoted, digest });
      expect(found.isSame).toBe(false);
      expect(placeAndPort(found)).toEqual(expected);
    }
  });

  it.each<[string, Given, string]>([
    ['of a commit of a fork', { isContained: false }, 'config-foreign'],
    ['of a commit that may be one', { isContained: undefined }, 'history-unknown'],
    ['without the application', { files: {} }, 'config-incomplete'],
    [
      'without the formation',
      { files: Object.fromEntries(Object.entries(THEN).filter(([path]) => !path.includes('production'))) },
      'config-incomplete',
    ],
    [
      'with a stencil that asks for a value that it does not have',
      { files: { ...THEN, 'config/a.yaml': config('"*.*.other": 1') } },
      'word-unvalued',
    ],
  ])('is not rendered %s', async (_name, given, code) => {
    const failure = await again(given).then(
      () => undefined,
      (error: SlipwayError) => error.code,
    );
    expect(failure).toBe(code);
  });
});
