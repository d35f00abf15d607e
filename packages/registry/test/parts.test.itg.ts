import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Part } from '@slipway/core';
import { pushPart, type RegistryClient, readPart } from '@slipway/registry';
import { useTestbed } from '@slipway/testbed/jest';
import {
  clientFor,
  IMMUTABLE_TAGS,
  immutableTags,
  type RegistryProxy,
  startProxy,
} from '@slipway/testkit/registry';

const testbed = useTestbed({ parts: ['registry'] });
let proxy: RegistryProxy;
let client: RegistryClient;
let begun: Part;

beforeEach(async () => {
  proxy = await startProxy(testbed.registry.address);
  client = clientFor(testbed.registry, [proxy.address]);
  begun = {
    apiVersion: 'slipway.dev/v1',
    kind: 'Part',
    application: 'shop',
    registry: `${proxy.address}/${randomUUID()}/shop`,
    part: 'arm64',
    run: '1001',
    attempt: '1',
    id: 'a',
    platforms: ['linux/arm64'],
  };
});

afterEach(() => proxy.close());

it('a part is what was written last, and another name or run has none', async () => {
  expect(await readPart(client, begun)).toBeUndefined();
  await pushPart(client, begun);
  await pushPart(client, { ...begun, images: {} });
  expect(await readPart(client, begun)).toEqual({ ...begun, images: {} });
  for (const other of [{ part: 'arm' }, { run: '100' }])
    expect(await readPart(client, { ...begun, ...other })).toBeUndefined();
});

it('a part is what was written last where tags may not be moved', async () => {
  proxy.faults.push(immutableTags(IMMUTABLE_TAGS['Amazon ECR']));
  await pushPart(client, begun);
  await pushPart(client, { ...begun, images: {} });
  await pushPart(client, { ...begun, attempt: '2' });
  expect(await readPart(client, begun)).toEqual({ ...begun, attempt: '2' });
});

it('a part that is not one is an error', async () => {
  await pushPart(client, { ...begun, run: '1002', platforms: 7 as never });
  await expect(readPart(client, { ...begun, run: '1002' })).rejects.toMatchObject({ code: 'part-invalid' });
});
