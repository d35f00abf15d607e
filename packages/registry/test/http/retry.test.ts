import { expect, it } from '@jest/globals';
import { silentLogger } from '@slipway/core';
import { refusal, retryAfterOf } from '../../src/http/answers.ts';
import { withRetries } from '../../src/http/retry.ts';

const policy = { attempts: 4, firstDelay: 1, longestDelay: 20 };

async function attemptsAt(...answers: readonly string[]): Promise<number> {
  let number = 0;
  await withRetries(
    async () => ({
      status: 429,
      headers: { 'retry-after': answers[Math.min(number++, answers.length - 1)] },
    }),
    { policy, logger: silentLogger, signal: undefined, what: 'registry' },
  );
  return number;
}

it.each([
  ['is tried again where it does not say when', ['soon'], 4],
  ['is not tried again where it says that all attempts come too early', ['1'], 1],
  ['is tried until it says so', ['0', '0', '3600'], 3],
])('a registry that is busy %s', async (_name, answers, attempts) => {
  expect(await attemptsAt(...answers)).toBe(attempts);
});

it.each([
  [undefined, 0],
  ['', 0],
  ['3', 3000],
  ['86400', 86_400_000],
  ['86401', 0],
  ['-1', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
  ['9'.repeat(400), 0],
])('Retry-After: %s is %s ms', (header, milliseconds) => {
  expect(retryAfterOf(header)).toBe(milliseconds);
});

it.each([
  ['100;w=21600', /; it allows 100 in 6 h\)/],
  ['1;w=90', /; it allows 1 in 1 min 30 s\)/],
  ['100, 100;w=1', /HTTP 429\)/],
  ['1;w=1\n::error::x', /HTTP 429\)/],
])('a limit of %j is said if it is one', (limit, sentence) => {
  const answer = { status: 429, body: Buffer.alloc(0), headers: { 'ratelimit-limit': limit } };
  expect(refusal(answer, 'docker.io', 'give it').message).toMatch(sentence);
});
