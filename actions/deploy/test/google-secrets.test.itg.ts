import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isJsonObject, type Release, textMap } from '@slipway/core';
import { type IdentityProvider, startIdentityProvider } from '@slipway/testbed';
import type { StepResult } from '@slipway/testbed/runner';
import { recordText, useOpenCluster, workspaceFor } from './cluster.ts';
import { deploy, errorsOf, FILES, usedSecret, type Workspace } from './fixture.ts';
import { leaksIn, leakyIn } from './shown-secrets.ts';

const CONFIG = `
apiVersion: slipway.dev/v1
kind: Config
spec:
  secrets:
    "*.*.database.password": {from: gcp, path: shop-production/database, key: password, on-rollback: current}
    "*.*.api.key": {from: gcp, path: shop-production/api}
`;
const STENCILS = `${FILES['stencils/api.yaml']}---
apiVersion: v1
kind: Secret
metadata: {name: api}
stringData: {key: "\${secret.api.key}"}
`;
const PROVIDER = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/acme';
const TOKEN = 'leaky-access-token';

const cluster = useOpenCluster();
const { client } = cluster;
let github: IdentityProvider;
let google: Server;
/** The number of the newest version of each secret. */
let newest = 1;
/** What Secret Manager answers all requests with; 200 for what they ask for. */
let status = 200;

beforeAll(async () => {
  github = await startIdentityProvider({ repository: 'acme/shop', environment: 'staging' });
  google = createServer((request, response) => {
    const [, name = ''] =
      /^\/v1\/projects\/shop-production\/secrets\/(\w+)\/versions\/latest:access$/.exec(request.url ?? '') ??
      [];
    if (request.url === '/v1/token') return response.end(JSON.stringify({ access_token: TOKEN }));
    if (request.headers.authorization !== `Bearer ${TOKEN}` || status !== 200)
      return response.writeHead(403).end('{"error":{"status":"PERMISSION_DENIED"}}');
    const data = Buffer.from(storedIn(name)).toString('base64');
    const full = `projects/123456789012/secrets/${name}/versions/${newest}`;
    return response.end(JSON.stringify({ name: full, payload: { data } }));
  });
  google.listen(0, '127.0.0.1');
  await once(google, 'listening');
});

afterAll(async () => {
  google?.close();
  await github?.stop();
});

/** Values are of one form, so that a leak is found however they are called. */
function storedIn(name: string): string {
  const value = `leaky-${name}-${newest}`;
  return name === 'database' ? JSON.stringify({ password: value }) : value;
}

const run = async (workspace: Workspace, inputs: object = {}): Promise<StepResult> => {
  const result = await deploy(
    workspace,
    {
      kubeconfig: cluster.kubeconfig,
      secrets: 'gcp=shop-production/*',
      'gcp-provider': PROVIDER,
      'gcp-endpoint': `http://127.0.0.1:${(google.address() as AddressInfo).port}`,
      ...inputs,
    },
    { ...github.environment },
  );
  expect(await leaksIn(result)).toEqual([]);
  return result;
};

const rollBack = (workspace: Workspace): Promise<StepResult> =>
  run({ ...workspace, manifests: '', digest: '' }, { mode: 'rollback', reason: 'it fails', to: '1' });

async function contents(namespace: string): Promise<string[]> {
  const api = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: 'api' });
  return [await usedSecret(client, namespace), api].flatMap(secret =>
    Object.values(textMap(isJsonObject(secret?.['data']) ? secret['data'] : null)).map(value =>
      Buffer.from(value, 'base64').toString(),
    ),
  );
}

async function recorded(namespace: string, number: number): Promise<Release['secrets']> {
  const text = await recordText(client, namespace, number);
  expect(leakyIn(text)).toEqual([]);
  return (JSON.parse(text) as Release).secrets;
}

const checkout = (namespace: string): Promise<Workspace> =>
  workspaceFor(cluster, namespace, {
    files: { 'config/database.yaml': CONFIG, 'stencils/api.yaml': STENCILS },
  });

describe('a release with secrets of Google Secret Manager', () => {
  it('records their versions, and a rollback reads again those that are current', async () => {
    const workspace = await checkout('google');
    newest = 1;
    const first = await run(workspace);
    expect(errorsOf(first)).toEqual([]);
    expect(first.raw).toContain(
      `Google Cloud is asked for secrets as this job at ${PROVIDER}, from the input "gcp-provider"`,
    );
    expect(await contents('google')).toEqual(['postgres://shop:leaky-database-1@db/shop', 'leaky-api-1']);
    expect(await recorded('google', 1)).toEqual([
      expect.objectContaining({ word: 'database.password', version: '1', onRollback: 'current' }),
      expect.objectContaining({ word: 'api.key', from: 'gcp', address: 'shop-production/api', version: '1' }),
    ]);

    newest = 2;
    expect(errorsOf(await run(workspace))).toEqual([]);
    expect(await contents('google')).toEqual(['postgres://shop:leaky-database-2@db/shop', 'leaky-api-2']);

    const back = await rollBack(workspace);
    expect(errorsOf(back)).toEqual([]);
    expect(await contents('google')).toEqual(['postgres://shop:leaky-database-2@db/shop', 'leaky-api-1']);
    expect(back.raw).toMatch(/api\.key: version 1 of less than an hour ago, and the store has another one/);
  });

  it('writes nothing where the identity may not read them', async () => {
    const workspace = await checkout('forbidden');
    status = 403;
    const result = await run(workspace);
    status = 200;
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(
        /^config\/database\.yaml:6:5: secret\.database\.password .*may not read the secret "shop-production\/database" of Google Secret Manager, or it does not exist; grant it roles\/secretmanager\.secretAccessor/,
      ),
      expect.stringMatching(/^config\/database\.yaml:7:5: secret\.api\.key .*"shop-production\/api"/),
    ]);
    expect(await client.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'forbidden', name: 'api' })).toBe(
      undefined,
    );
  });

  it('is refused without a way to log in, or with one that does not fit, before anything is asked', async () => {
    const workspace = await checkout('closed');
    const missing = await run(workspace, { 'gcp-provider': '' });
    expect(errorsOf(missing)).toEqual([
      expect.stringMatching(/^input "gcp-provider" is missing, and the step has no other way to log in/),
    ]);
    const wrong = await run(workspace, { 'gcp-provider': 'acme', 'gcp-service-account': 'shop' });
    expect(errorsOf(wrong)).toEqual([
      expect.stringMatching(/^input "gcp-provider" is not the provider of a workload identity pool/),
      expect.stringMatching(/^input "gcp-service-account" is not the address of a service account/),
    ]);
  });
});
