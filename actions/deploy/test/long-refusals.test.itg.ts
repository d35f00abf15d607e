import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, textMap } from '@slipway/core';
import type { StepResult } from '@slipway/testbed/runner';
import { admissionWebhook, type Review, type Ruling } from './admission-webhook.ts';
import { useOpenCluster, workspaceFor } from './cluster.ts';
import { deploy, errorsOf } from './fixture.ts';

const cluster = useOpenCluster();

/** Without a part that is there twice, so that each says where it comes from. */
const PASSWORD = Array.from(
  { length: 40 },
  (_, index) => `${index}-pässwörd/${(index * 7919).toString(36)}`,
).join('+');
const PART = 8;

/** What a webhook may say of a Secret: its content as text, encoded, and all of the object. */
const QUOTES: Readonly<Record<string, (content: string, review: Review) => string>> = {
  'its content': content => content,
  'its content in base64': content => Buffer.from(content).toString('base64'),
  'its content backwards': content => [...content].reverse().join(''),
  'the whole object': (_, review) => JSON.stringify(review),
};

const ANSWERS: Readonly<Record<string, (message: string) => Ruling>> = {
  denies: message => message,
  'breaks down': message => ({ broken: message }),
};

/** How many characters come before it: messages are cut at 600. */
const OFFSETS = [0, 560];

const WHEN: Readonly<Record<string, (review: Review) => boolean>> = {
  'when it is tried out': () => true,
  'when it is written': ({ dryRun }) => !dryRun,
};

const cases = Object.entries(WHEN).flatMap(([when, isMeant]) =>
  Object.entries(ANSWERS).flatMap(([how, answer]) =>
    Object.entries(QUOTES).map(([what, quoteOf]) => ({ when, how, what, isMeant, answer, quoteOf })),
  ),
);

const decoded = (encoded: unknown): string => Buffer.from(String(encoded), 'base64').toString();

/** The parts of a content that the manifest has too, so that records show them. */
const OPEN = ['postgres://shop:', '@db/shop'] as const;

const secretOf = (content: string): string => content.slice(OPEN[0].length, -OPEN[1].length);

/** The content of the Secret that is under review. */
function contentOf({ object }: Review): string | undefined {
  const data = isJsonObject(object?.['data']) ? textMap(object['data']) : {};
  return data['url'] === undefined ? undefined : decoded(data['url']);
}

/** The texts of the records, which other jobs read. */
async function recordsIn(namespace: string): Promise<string> {
  const { items } = await cluster.client.list({ apiVersion: 'v1', kind: 'Secret', namespace });
  const records = items.filter(({ metadata }) => /^slipway\.shop\.staging\.\d+$/.test(metadata.name));
  return records
    .flatMap(({ data }) => Object.values(textMap(data ?? null)))
    .map(value => textOf(Buffer.from(value, 'base64')))
    .join('\n');
}

const textOf = (bytes: Buffer): string => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();

async function filesIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map(file => readFile(file, 'utf8')))).join('\n');
}

const partsOf = (text: string): string[] =>
  Array.from({ length: text.length - PART + 1 }, (_, start) => text.slice(start, start + PART));

/** Every part of what the webhook quoted that can be seen. */
const seenIn = (shown: string, quoted: ReadonlySet<string>): string[] =>
  [...quoted].flatMap(partsOf).filter(part => shown.includes(part));

const shownBy = (result: StepResult): string =>
  JSON.stringify([result.raw, result.log, result.summary, result.outputs, result.annotations]);

describe.each(cases)(
  'a webhook for Secrets that $how and quotes $what $when',
  ({ when, how, what, ...webhook }) => {
    it.each(OFFSETS)('is told without any of it, also behind %s characters', async offset => {
      const name = `${when}-${how}-${what}-${offset}`.replaceAll(/[^a-z0-9]+/g, '-');
      const namespace = `long-${Buffer.from(name).toString('hex').slice(-40)}-${offset}`;
      const workspace = await workspaceFor(cluster, namespace);
      const quoted = new Set<string>();
      const rule = (review: Review): Ruling => {
        const content = contentOf(review);
        if (content === undefined || !webhook.isMeant(review)) return undefined;
        const said = webhook.quoteOf(content, review);
        for (const text of [secretOf(content), Buffer.from(content).toString('base64')]) quoted.add(text);
        if (said !== content && what !== 'the whole object') quoted.add(said);
        return webhook.answer(`${'. '.repeat(offset / 2)}${said}`);
      };
      const end = await admissionWebhook(cluster.client, namespace, rule, 'secrets');
      const environment = { DATABASE_PASSWORD: PASSWORD };
      const result = await deploy(workspace, { kubeconfig: cluster.kubeconfig }, environment);
      await end();
      expect(quoted.size).toBeGreaterThan(0);
      expect(result.exitCode).toBe(1);
      expect(errorsOf(result)).not.toEqual([]);
      const { plan = '' } = result.outputs;
      const files = plan === '' ? '' : await filesIn(dirname(plan));
      const shown = `${shownBy(result)}${files}${await recordsIn(namespace)}`;
      expect(seenIn(shown, quoted)).toEqual([]);
    });
  },
);
