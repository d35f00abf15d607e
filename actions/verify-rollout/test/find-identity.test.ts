import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fakeRunner, inputsOf } from '@slipway/github/testing';
import { readInputs } from '../src/inputs.ts';
import { findIdentity } from '../src/what/find-identity.ts';

const SLIPWAY = `apiVersion: slipway.dev/v1
kind: Application
metadata: {name: shop}
spec: {registry: ghcr.io/acme/shop, services: {api: {image: docker.io/library/redis:7}}}
`;
const PRODUCTION = `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: production}
spec: {destinations: {eu: {namespace: shop-eu, context: prod-eu}, us: {namespace: shop-us}}}
`;
const STAGING = `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec: {destinations: {main: {namespace: shop-staging}}}
`;

function checkout(files: Readonly<Record<string, string>>): string {
  const workspace = mkdtempSync(join(tmpdir(), 'slipway-place-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  return workspace;
}

const files = {
  'slipway.yaml': SLIPWAY,
  'formations/production.yaml': PRODUCTION,
  'formations/staging.yaml': STAGING,
};

function identity(inputs: Readonly<Record<string, string>>, workspace = checkout(files)) {
  return findIdentity(inputsOf(readInputs, { release: '1', ...inputs }), {
    workspace,
    context: fakeRunner().context,
  });
}

describe('the identity of a release', () => {
  it.each([
    ['eu', undefined],
    ['us', ['eu', 'asia']],
    ['asia', ['eu', 'us']],
    ['last', ['eu', 'us', 'asia']],
  ])('says where its snapshot may be already, by the waves: %s', async (destination, deployedBefore) => {
    const waves = PRODUCTION.replace(
      /spec: .*/,
      `spec:
  waves: [[eu], [us, asia], [last]]
  destinations: {eu: {namespace: a}, us: {namespace: b}, asia: {namespace: c}, last: {namespace: d}}`,
    );
    const workspace = checkout({ ...files, 'formations/production.yaml': waves });
    const found = await identity({ formation: 'production', destination }, workspace);
    expect(found.deployedBefore).toEqual(deployedBefore);
  });

  it('is read from the formation in the checkout', async () => {
    expect(await identity({ formation: 'production', destination: 'eu' })).toEqual({
      application: 'shop',
      formation: 'production',
      destination: 'eu',
      namespace: 'shop-eu',
      context: 'prod-eu',
    });
  });

  it("is the formation's only destination when none is named", async () => {
    expect(await identity({ formation: 'staging' })).toMatchObject({
      destination: 'main',
      namespace: 'shop-staging',
    });
  });

  it('is what the inputs say where the formation does not', async () => {
    const inputs = { formation: 'production', destination: 'us', namespace: 'shop-us', context: 'mine' };
    expect(await identity(inputs)).toMatchObject({ namespace: 'shop-us', context: 'mine' });
  });

  it.each([
    ['namespace', { namespace: 'other' }],
    ['context', { context: 'mine' }],
  ])('is an error where the formation has another %s', async (name, other) => {
    const inputs = { formation: 'production', destination: 'eu', ...other };
    await expect(identity(inputs)).rejects.toMatchObject({
      code: 'destination-differs',
      message: expect.stringContaining(`input "${name}" is`),
    });
  });

  it('has the API server that the formation names', async () => {
    const named = STAGING.replace('shop-staging}', 'shop-staging, cluster: {server: https://a.example}}');
    const found = await identity(
      { formation: 'staging' },
      checkout({ ...files, 'formations/staging.yaml': named }),
    );
    expect(found).toMatchObject({ server: 'https://a.example' });
  });

  it('needs no checkout where the names are given', async () => {
    expect(
      await identity({ application: 'shop', formation: 'production', namespace: 'n' }, checkout({})),
    ).toMatchObject({
      application: 'shop',
      formation: 'production',
      namespace: 'n',
    });
  });

  it('is left to the cluster where neither inputs nor a checkout tell', async () => {
    expect(await identity({ namespace: 'n' }, checkout({}))).toMatchObject({
      application: '',
      formation: '',
    });
  });

  it('is an error for an application file that is not there', async () => {
    await expect(identity({ application: 'apps/shop/slipway.yaml' })).rejects.toMatchObject({
      code: 'place-unknown',
    });
  });

  it.each([
    ['destination', { formation: 'production', destination: 'eo' }, 'did you mean "eu"?'],
    ['formation', { formation: 'productoin', destination: 'eu' }, 'did you mean "production"?'],
  ])('is an error for a %s that there is not, with the nearest one', async (what, inputs, guess) => {
    await expect(identity(inputs)).rejects.toMatchObject({
      code: 'destination-unclear',
      message: expect.stringMatching(
        new RegExp(`there is no ${what} .*${guess.replace('?', '.')}.*namespace`),
      ),
    });
  });

  it.each([
    ['destination', { formation: 'production', destination: 'ap' }],
    ['formation', { formation: 'pilot', destination: 'eu' }],
  ])('is what the inputs say of a %s that was taken out of the checkout', async (_what, removed) => {
    const inputs = { ...removed, namespace: 'shop-ap', context: 'prod-ap' };
    expect(await identity(inputs)).toEqual({ application: 'shop', ...inputs });
  });

  it('is an error for a file that is not in order', async () => {
    const broken = checkout({ 'slipway.yaml': 'kind: Nonsense' });
    await expect(identity({}, broken)).rejects.toMatchObject({ code: expect.stringMatching(/^format-/) });
  });
});
