import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type Release, textMap } from '@slipway/core';
import { type IdentityProvider, startIdentityProvider } from '@slipway/testbed';
import type { StepResult } from '@slipway/testbed/runner';
import {
  CLIENT,
  type CloudProxy,
  entra,
  fail,
  keyVault,
  startCloudProxy,
  TENANT,
  tokenOf,
} from '@slipway/testkit/clouds';
import { recordText, useOpenCluster, workspaceFor } from './cluster.ts';
import { deploy, errorsOf, FILES, usedSecret, type Workspace } from './fixture.ts';
import { leaksIn, leakyIn } from './shown-secrets.ts';

const HOST = 'shop.vault.azure.net';
const CONFIG = `
apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.database.password": {from: azure, path: ${HOST}/database, key: password, on-rollback: current}
    "*.*.tls.pem": {from: azure-certificate, path: ${HOST}/tls}
`;
const STENCILS = `${FILES['stencils/api.yaml']}---
apiVersion: v1
kind: Secret
metadata: {name: tls}
stringData: {pem: "\${secret.tls.pem}"}
`;

const cluster = useOpenCluster();
const { client } = cluster;
const vault = keyVault(HOST, 'https://vault.azure.net', token => token === tokenOf(CLIENT, TENANT));
let github: IdentityProvider;
let clouds: CloudProxy;

beforeAll(async () => {
  github = await startIdentityProvider({ repository: 'acme/shop', environment: 'staging' });
  clouds = await startCloudProxy({ [HOST]: vault.listener, 'login.microsoftonline.com': entra().listener });
});

afterAll(async () => {
  await clouds?.stop();
  await github?.stop();
});

/** Values are of one form, so that a leak is found however they are called. @returns the versions of both */
function store(number: number): string[] {
  const tls = { value: `leaky-tls-${number}`, contentType: 'application/x-pem-file', managed: true };
  return [
    vault.put('database', { value: JSON.stringify({ password: `leaky-database-${number}` }) }),
    vault.put('tls', tls),
  ];
}

const run = async (workspace: Workspace, inputs: object = {}): Promise<StepResult> => {
  const result = await deploy(
    workspace,
    {
      kubeconfig: cluster.kubeconfig,
      secrets: `azure=${HOST}/*\nazure-certificate=${HOST}/tls`,
      'azure-client-id': CLIENT,
      'azure-tenant-id': TENANT,
      ...inputs,
    },
    {
      ...github.environment,
      HTTPS_PROXY: clouds.environment.HTTPS_PROXY,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: clouds.environment.SSL_CERT_FILE,
    },
  );
  expect(await leaksIn(result, [tokenOf(CLIENT, TENANT)])).toEqual([]);
  return result;
};

const rollBack = (workspace: Workspace): Promise<StepResult> =>
  run({ ...workspace, manifests: '', digest: '' }, { mode: 'rollback', reason: 'it fails', to: '1' });

async function contents(namespace: string): Promise<string[]> {
  const tls = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'tls' });
  return [await usedSecret(client, namespace), tls].flatMap(secret =>
    Object.values(textMap(isJsonObject(secret?.['data']) ? secret['data'] : null)).map(value =>
      Buffer.from(value, 'base64').toString(),
    ),
  );
}

async function recorded(namespace: string): Promise<Release['secrets']> {
  const text = await recordText(client, namespace, 1);
  expect(leakyIn(text)).toEqual([]);
  return (JSON.parse(text) as Release).secrets;
}

const checkout = (namespace: string): Promise<Workspace> =>
  workspaceFor(cluster, namespace, {
    files: { 'config/database.yaml': CONFIG, 'stencils/api.yaml': STENCILS },
  });

describe('a release with secrets of Azure Key Vault', () => {
  it('records their versions, and a rollback reads again those that are current', async () => {
    const workspace = await checkout('azure');
    const [password, tls] = store(1);
    const first = await run(workspace);
    expect(errorsOf(first)).toEqual([]);
    expect(first.raw).toContain(`as ${CLIENT} of the tenant ${TENANT}, from the input "azure-client-id"`);
    expect(await contents('azure')).toEqual(['postgres://shop:leaky-database-1@db/shop', 'leaky-tls-1']);
    expect(await recorded('azure')).toEqual([
      expect.objectContaining({ word: 'database.password', version: password, onRollback: 'current' }),
      expect.objectContaining({ from: 'azure-certificate', address: `${HOST}/tls`, version: tls }),
    ]);

    store(2);
    expect(errorsOf(await run(workspace))).toEqual([]);
    expect(await contents('azure')).toEqual(['postgres://shop:leaky-database-2@db/shop', 'leaky-tls-2']);

    const back = await rollBack(workspace);
    expect(errorsOf(back)).toEqual([]);
    expect(await contents('azure')).toEqual(['postgres://shop:leaky-database-2@db/shop', 'leaky-tls-1']);
    expect(back.raw).toMatch(/tls\.pem: version f+1 of .*, and the store has a newer one/);
  });

  it('writes nothing where the identity may not read them', async () => {
    const workspace = await checkout('azure-forbidden');
    vault.instead = (_request, response) =>
      fail(response, 403, 'Forbidden', 'leaky-said-1', 'ForbiddenByRbac');
    const result = await run(workspace);
    vault.instead = undefined;
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^config\/database\.yaml:6:5: secret\.database\.password .*may not read the secret "shop\.vault\.azure\.net\/database" of Azure Key Vault; give it the role/,
      ),
      expect.stringMatching(/^config\/database\.yaml:7:5: secret\.tls\.pem .*"shop\.vault\.azure\.net\/tls"/),
    ]);
    const written = await client.get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'azure-forbidden',
      name: 'tls',
    });
    expect(written).toBe(undefined);
  });

  it('does not read a certificate by a line of secrets', async () => {
    const workspace = await checkout('azure-certificate');
    const result = await run(workspace, { secrets: `azure=${HOST}/*` });
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/deploy may not read "azure-certificate=shop\.vault\.azure\.net\/tls"/),
    ]);
  });
});
