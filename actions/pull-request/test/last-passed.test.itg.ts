import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fakeRunner } from '@slipway/github/testing';
import { lastPassedIn, lastPassedReaders } from '../src/last-passed.ts';

/** A registry that takes requests and never answers. */
let silent: Server;
let registry: string;
let seen: IncomingMessage[];

beforeEach(async () => {
  seen = [];
  silent = createServer(request => void seen.push(request));
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  registry = `127.0.0.1:${(silent.address() as AddressInfo).port}/shop`;
});

afterEach(() => {
  silent.closeAllConnections();
  silent.close();
});

const target = (destination: string) => ({ application: 'shop', formation: 'production', destination });

/** Whether a promise was refused, which must not count as unhandled while the registry is waited for. */
const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a registry that does not answer', () => {
  it('is given up after a time, and not asked for the other destinations', async () => {
    const limit = new AbortController();
    const read = lastPassedIn(registry, { plainHttpRegistries: [] }, fakeRunner(), limit.signal);
    const asked = new Promise(resolve => silent.once('request', resolve));
    const first = outcomeOf(read(target('eu')));
    await asked;
    limit.abort();
    expect(await first).toMatchObject({ code: 'registry-slow' });
    const requests = seen.length;
    expect(await outcomeOf(read(target('us')))).toMatchObject({ code: 'registry-slow' });
    expect(seen.length).toBe(requests);
  });

  it('is asked by one reader for all of its applications', () => {
    const inputs = { applications: ['a', 'b', 'c'], registries: [registry, registry, `${registry}/c`] };
    const readerFor = lastPassedReaders({ ...inputs, plainHttpRegistries: [] }, fakeRunner());
    expect(readerFor('a')).toBe(readerFor('b'));
    expect(readerFor('c')).not.toBe(readerFor('a'));
    expect(readerFor('d')).toBeUndefined();
  });

  it('does not hide that the run was cancelled', async () => {
    const run = new AbortController();
    const runner = fakeRunner({ signal: run.signal });
    const read = lastPassedIn(registry, { plainHttpRegistries: [] }, runner, new AbortController().signal);
    const asked = new Promise(resolve => silent.once('request', resolve));
    const first = outcomeOf(read(target('eu')));
    await asked;
    run.abort();
    expect(await first).not.toMatchObject({ code: 'registry-slow' });
  });
});
