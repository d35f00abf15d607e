import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import { type Image, MANIFEST_TYPE } from '../images/image.ts';
import type { RunningRegistry } from '../run/registry.ts';

/** Pushes an image to the testbed's registry, without the blobs that exist there. */
export async function pushImage(
  registry: RunningRegistry,
  repository: string,
  tag: string,
  image: Image,
): Promise<void> {
  const authorization = await authorize(registry, repository);
  const send = async (url: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    await fetch(new URL(url, `http://${registry.address}`), {
      ...init,
      headers: { ...init.headers, ...authorization },
    });
  const base = `/v2/${repository}`;
  for (const { digest, bytes } of image.blobs) {
    const there = await send(`${base}/blobs/${digest}`, { method: 'HEAD' });
    if (there.ok) continue;
    const upload = expect(await send(`${base}/blobs/uploads/`, { method: 'POST' }), repository);
    const location = new URL(upload.headers.get('location') ?? '', `http://${registry.address}`);
    location.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    expect(await send(location.href, { method: 'PUT', body: bytes, headers }), repository);
  }
  const headers = { 'content-type': MANIFEST_TYPE };
  const body = image.manifest;
  expect(await send(`${base}/manifests/${tag}`, { method: 'PUT', body, headers }), repository);
}

/** The header that authorises a push: none, basic, or a token from the server that the registry names. */
async function authorize(registry: RunningRegistry, repository: string): Promise<Record<string, string>> {
  if (registry.username === undefined) return {};
  const basic = `Basic ${Buffer.from(`${registry.username}:${registry.password}`).toString('base64')}`;
  const asked = await fetch(`http://${registry.address}/v2/`);
  const challenge = asked.headers.get('www-authenticate') ?? '';
  if (!/^Bearer /i.test(challenge)) return { authorization: basic };
  const { realm = '', service = '' } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  const scope = `repository:${repository}:pull,push`;
  const url = `${realm}?${new URLSearchParams({ service, scope })}`;
  const answer = expect(await fetch(url, { headers: { authorization: basic } }), repository);
  const { token } = (await answer.json()) as { token: string };
  return { authorization: `Bearer ${token}` };
}

function expect(answer: Response, repository: string): Response {
  if (answer.ok) return answer;
  throw new SlipwayError<TestbedErrorCode>({
    code: 'testbed-registry',
    message: `the testbed's registry answered ${answer.status} to a push of ${repository}`,
    remedy: "see registry.log in the folder of the testbed's logs",
  });
}
