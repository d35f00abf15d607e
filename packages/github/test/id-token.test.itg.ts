import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startIdentityProvider } from '@slipway/testbed';
import { requestIdToken } from '../src/id-token.ts';

const signal = new AbortController().signal;

async function request(environment: Readonly<Record<string, string>>, audience = 'https://vault') {
  const masked: string[] = [];
  const token = await requestIdToken(audience, environment, { signal, mask: text => masked.push(text) });
  return { token, masked };
}

async function against(listener: RequestListener, work: (address: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the identity token of a job', () => {
  it('is requested from GitHub for one audience, and masked', async () => {
    const github = await startIdentityProvider({ repository: 'acme/shop' });
    try {
      const { token, masked } = await request(github.environment);
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      expect(claims).toMatchObject({ iss: github.issuer, aud: 'https://vault', repository: 'acme/shop' });
      expect(masked).toEqual([token]);
    } finally {
      await github.stop();
    }
  });

  it('is missing without the permission, which the error names', async () => {
    const failure = request({});
    await expect(failure).rejects.toMatchObject({ code: 'id-token-unavailable' });
    await expect(failure).rejects.toThrow(/add "id-token: write"/);
  });

  it('does not leak the credential if the address redirects', async () => {
    let asked = 0;
    await against(
      (_request, response) => {
        asked++;
        response.end('{"value": "x"}');
      },
      elsewhere =>
        against(
          (_request, response) => void response.writeHead(302, { Location: elsewhere }).end(),
          async address => {
            const environment = {
              ACTIONS_ID_TOKEN_REQUEST_URL: address,
              ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'credential',
            };
            await expect(request(environment)).rejects.toMatchObject({ code: 'id-token-unavailable' });
          },
        ),
    );
    expect(asked).toBe(0);
  });

  it("is an error with GitHub's status", async () => {
    await against(
      (_request, response) => void response.writeHead(403).end('credential'),
      async address => {
        const environment = {
          ACTIONS_ID_TOKEN_REQUEST_URL: address,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'credential',
        };
        await expect(request(environment)).rejects.toThrow(/status 403/);
        await expect(request(environment)).rejects.not.toThrow(/credential/);
      },
    );
  });
});
