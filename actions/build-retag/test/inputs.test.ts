import { describe, expect, it } from '@jest/globals';
import { inputsOf } from '@slipway/github/testing';
import { readActionFile } from '@slipway/testbed/runner';
import { thrownBy } from '@slipway/testkit/errors';
import { readInputs } from '../src/run.ts';

const action = readActionFile(new URL('../action.yml', import.meta.url).pathname);

describe('the inputs of build-retag', () => {
  it('have the defaults that action.yml states', () => {
    const stated = Object.entries(action.inputs).flatMap(([name, { default: preset }]) =>
      // The runner evaluates expressions before an action sees them.
      preset === undefined || preset.includes('${{') ? [] : [[name, preset] as const],
    );
    expect(inputsOf(readInputs, {})).toEqual(inputsOf(readInputs, Object.fromEntries(stated)));
    expect(inputsOf(readInputs, {})).toEqual({
      application: 'slipway.yaml',
      spawn: '',
      formations: [],
      token: '',
      services: [],
      builder: 'auto',
      buildSecrets: {},
      platforms: [],
      cache: 'none',
      rebuild: 'auto',
      mode: 'build',
      parts: [],
      push: 'auto',
      onExistingTag: 'error',
      plainHttpRegistries: [],
    });
  });

  const values: Readonly<Record<string, readonly [given: string, read: object]>> = {
    application: ['shop/slipway.yaml', { application: 'shop/slipway.yaml' }],
    formation: ['preview', { formations: ['preview'] }],
    spawn: ['event', { spawn: 'event' }],
    token: ['a-token', { token: 'a-token' }],
    registry: ['ghcr.io/acme/shop', { registry: 'ghcr.io/acme/shop' }],
    services: ['api, web', { services: ['api', 'web'] }],
    'rest-from': ['staging', { restFrom: 'staging' }],
    'deployment-tag': ['v1.2_3-4', { deploymentTag: 'v1.2_3-4' }],
    builder: ['buildkit', { builder: 'buildkit' }],
    'build-secrets': ['npm-token=a=b\nkey=@file', { buildSecrets: { 'npm-token': 'a=b', key: '@file' } }],
    platforms: ['linux/amd64, linux/arm/v7', { platforms: ['linux/amd64', 'linux/arm/v7'] }],
    cache: ['registry', { cache: 'registry' }],
    provenance: ['max', { attestations: { provenance: 'max' } }],
    sbom: ['scanner:1', { attestations: { sbom: 'scanner:1' } }],
    rebuild: ['always', { rebuild: 'always' }],
    'cache-directory': ['../cache', { cacheDirectory: '../cache' }],
    push: ['always', { push: 'always' }],
    mode: ['join', { mode: 'join' }],
    part: ['arm64', { part: 'arm64' }],
    parts: ['amd64, arm64', { parts: ['amd64', 'arm64'] }],
    promote: ['staging', { promote: 'staging' }],
    'promote-registry': ['ghcr.io/acme/staging', { promoteRegistry: 'ghcr.io/acme/staging' }],
    'on-existing-tag': ['keep', { onExistingTag: 'keep' }],
    'record-key': [
      'b2xkIGtleSBvZiB0aGUgcmVjb3JkcywgMzIgYnl0ZXM=',
      { recordKeys: expect.objectContaining({ acceptsUnsigned: false }) as never },
    ],
    'plain-http-registries': ['registry:5000', { plainHttpRegistries: ['registry:5000'] }],
  };

  /** What an input makes no sense without. */
  const beside: Readonly<Record<string, Record<string, string>>> = {
    mode: { parts: 'amd64' },
    parts: { mode: 'join' },
    'rest-from': { services: 'api' },
    'promote-registry': { promote: 'staging' },
    'cache-directory': { cache: 'local' },
  };

  it('are all read', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(action.inputs).sort());
    for (const [name, [given, read]] of Object.entries(values))
      expect(inputsOf(readInputs, { ...beside[name], [name]: given })).toMatchObject(read);
  });

  it.each([
    ['a deployment tag with a space', { 'deployment-tag': 'a b' }],
    ['a deployment tag with a slash', { 'deployment-tag': 'feature/x' }],
    ['a deployment tag of 46 characters', { 'deployment-tag': 'a'.repeat(46) }],
    ['a deployment tag that begins with a dot', { 'deployment-tag': '.a' }],
    ['the deployment tag that marks what passed', { 'deployment-tag': 'passed' }],
    ['the deployment tag that marks what is held', { 'deployment-tag': 'hold' }],
    ['a deployment tag that could be a hold', { 'deployment-tag': 'hold.staging.main' }],
    ['a deployment tag that could be a verdict', { 'deployment-tag': 'verdict.staging.main' }],
    ['the deployment tag that marks parts', { 'deployment-tag': 'part.1001.amd64' }],
    ['an unknown mode', { mode: 'merge' }],
    ['a part with a tag for its name', { part: 'linux/amd64' }],
    ['parts that are not names', { mode: 'join', parts: 'amd64, ../x' }],
    ['a part that is joined twice', { mode: 'join', parts: 'amd64, amd64' }],
    ['to join nothing', { mode: 'join' }],
    ['parts where nothing is joined', { parts: 'amd64' }],
    ['a part that joins', { mode: 'join', part: 'amd64', parts: 'amd64' }],
    ['a part with a deployment tag', { part: 'amd64', 'deployment-tag': 'v1' }],
    ['a promotion as a part', { part: 'amd64', promote: 'staging' }],
    ['a promotion that joins', { mode: 'join', parts: 'amd64', promote: 'staging' }],
    ['a promotion to an instance', { spawn: 'event', promote: 'staging' }],
    ['a deployment tag of an instance', { spawn: 'event', 'deployment-tag': 'v1' }],
    ['a registry without a repository', { registry: 'ghcr.io' }],
    ['a registry in upper case', { registry: 'ghcr.io/Acme' }],
    ['a registry with a tag', { registry: 'ghcr.io/acme/shop:1' }],
    ['an unknown builder', { builder: 'kaniko' }],
    ['a build secret without a value', { 'build-secrets': 'npm-token' }],
    ['an unknown cache', { cache: 'azblob' }],
    ['a folder for another cache', { cache: 'registry', 'cache-directory': 'x' }],
    ['an unknown provenance', { provenance: 'true' }],
    ['a scanner that is not an image', { sbom: 'a scanner' }],
    ['an unknown choice for building', { rebuild: 'never' }],
    ['an unknown choice for pushing', { push: 'true' }],
    ['a platform that is an option', { platforms: '--push' }],
    ['an unknown choice for tags that exist', { 'on-existing-tag': 'ignore' }],
    ['something to promote that no tag can be', { promote: '../../etc' }],
    ['a rest to take from elsewhere where nothing is left out', { 'rest-from': 'staging' }],
    ['a selection of what is promoted as a whole', { services: 'api', promote: 'staging' }],
    ['a source for the rest that is not a tag', { services: 'api', 'rest-from': 'a/b' }],
    ['a registry to promote from with nothing to promote', { 'promote-registry': 'ghcr.io/acme/shop' }],
    ['a deployment tag for what keeps its own', { 'deployment-tag': 'a', promote: 'staging' }],
  ])('refuse %s', (_case, inputs) => {
    const error = thrownBy(() => inputsOf(readInputs, inputs as Record<string, string>));
    expect(error.problems.map(({ code }) => code)).toEqual(['input-invalid']);
  });
});
