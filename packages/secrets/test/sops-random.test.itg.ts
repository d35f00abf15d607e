import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonValue, SlipwayError, valueAt } from '@slipway/core';
import { toolPath } from '@slipway/testbed';
import { parseSopsFile, scalarsOf } from '../src/sops/sops-file.ts';
import { parseExactJson } from '../src/values/exact-json.ts';
import { openSops } from './open-sops.ts';
import { plainText, type RandomFile, randomFiles } from './random-sops.ts';

/** What `sops` itself says is the truth here: about values, and about files that someone changed. */
const SEED = 20_261_129;
const FILES = randomFiles(16, SEED);
const EXTRACTED = 3;
const CHANGED = 9;

let folder: string;
let sops: string;
let ageKey: string;
let recipient: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-random-'));
  sops = await toolPath('sops');
  ageKey = execFileSync(await toolPath('age-keygen'), { encoding: 'utf8', stdio: 'pipe' });
  recipient = /public key: (\S+)/.exec(ageKey)?.[1] ?? '';
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What sops prints; undefined if it refuses. */
async function sopsSays(args: readonly string[], config = '/dev/null'): Promise<string | undefined> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    VAULT_MAX_RETRIES: '0',
    SOPS_AGE_KEY: ageKey,
  };
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  execFile(sops, ['--config', config, ...args], { cwd: folder, env }, (error, stdout) =>
    resolve(error === null ? stdout : undefined),
  );
  return await promise;
}

/** What Slipway reads; the code if it refuses. */
async function slipwaySays(name: string, key: string[]): Promise<{ value?: string; code?: string }> {
  const step = { folder, lines: [], environment: { SOPS_AGE_KEY: ageKey } };
  try {
    return { value: (await openSops(step, name, key)).value };
  } catch (error) {
    if (error instanceof SlipwayError) return { code: error.code };
    throw error;
  }
}

async function encrypted(file: RandomFile, index: number): Promise<string> {
  const name = `file-${index}.${file.format}`;
  await writeFile(join(folder, name), plainText(file));
  const config = join(folder, 'rule.sops.yaml');
  await writeFile(config, JSON.stringify({ creation_rules: [{ age: recipient, ...file.rule }] }));
  const said = await sopsSays(['encrypt', '--in-place', name], config);
  expect({ name, said }).toEqual({ name, said: '' });
  if (file.hasForeignKey) await addForeignKey(join(folder, name), file.format);
  return name;
}

/** An entry of whoever wrote the file: the MAC does not cover keys. */
const FOREIGN = `"hc_vault": [${JSON.stringify({
  vault_address: 'http://127.0.0.1:9',
  engine_path: 'a',
  key_name: 'b',
  enc: 'x',
  created_at: '2026-01-01T00:00:00Z',
})}]`;

async function addForeignKey(path: string, format: RandomFile['format']): Promise<void> {
  const text = await readFile(path, 'utf8');
  const changed =
    format === 'json'
      ? text.replace(/"sops": \{/, `"sops": {${FOREIGN},`)
      : text.replace(/^sops:\n/m, `sops:\n    ${FOREIGN}\n`);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

/** Whether a byte is of the entry that no line names, which Slipway takes away and sops reads. */
function isForeign(text: Buffer, position: number): boolean {
  const start = text.indexOf(FOREIGN);
  return start !== -1 && position >= start && position < start + FOREIGN.length;
}

interface Leaf {
  readonly path: string[];
  /** As it was before it was encrypted. */
  readonly value: JsonValue;
  /** As it is in the file. */
  readonly isEncrypted: boolean;
}

async function leavesOf(name: string, { tree }: RandomFile): Promise<Leaf[]> {
  const decrypted = await sopsSays(['decrypt', '--output-type', 'json', name]);
  const values = [...scalarsOf(JSON.parse(decrypted ?? '') as JsonValue)];
  const plain = new Map([...scalarsOf(tree)].map(([path, value]) => [JSON.stringify(path), value]));
  const text = await readFile(join(folder, name), 'utf8');
  const stored = storedIn(text, name);
  return values.map(([path, value]) => {
    const at = stored.get(JSON.stringify(path));
    const isEncrypted =
      typeof at === 'string' && at.startsWith('ENC[') && at !== plain.get(JSON.stringify(path));
    return { path: [...path], value, isEncrypted };
  });
}

function storedIn(text: string, name: string): ReadonlyMap<string, JsonValue> {
  return new Map(
    [...scalarsOf(parseSopsFile(text, name).tree)].map(([path, value]) => [JSON.stringify(path), value]),
  );
}

/** `["a"][0]`, as `--extract` takes it. */
function indexOf(path: readonly string[], tree: JsonValue): string {
  let node: JsonValue = tree;
  return path
    .map(step => {
      const isList = Array.isArray(node);
      node = (node as Record<string, JsonValue>)[step] ?? null;
      return isList ? `[${step}]` : `[${JSON.stringify(step)}]`;
    })
    .join('');
}

describe.each(FILES.map((file, index) => ({ index, file })))(
  `file %# of the seed ${SEED}, which sops encrypted,`,
  ({ index, file }) => {
    const { picks } = file;
    const pick = <Item>(items: readonly Item[], at: number): Item | undefined =>
      items[(picks[at % picks.length] ?? 0) % items.length];

    it('has the values that `sops decrypt --extract` prints, and gives no value with a changed byte that sops does not give', async () => {
      const name = await encrypted(file, index);
      const leaves = await leavesOf(name, file);
      expect(leaves.length).toBeGreaterThan(0);
      for (let at = 0; at < EXTRACTED; at++) {
        const leaf = pick(leaves, at);
        if (leaf === undefined) continue;
        const expected = await extracted(name, leaf);
        const said = await slipwaySays(name, leaf.path);
        if (file.rule['mac_only_encrypted'] && !leaf.isEncrypted && expected !== '')
          expect({ path: leaf.path, ...said }).toEqual({ path: leaf.path, code: 'sops-unauthenticated' });
        else if (expected === '') expect(said).toEqual({ code: 'secret-missing' });
        else expect({ path: leaf.path, ...said }).toEqual({ path: leaf.path, value: expected });
      }
      await compareChanged(name);
      await expectRefusal(name);
    }, 600_000);

    /** The case that must be refused, so that the comparison above means something. */
    async function expectRefusal(name: string): Promise<void> {
      const original = await readFile(join(folder, name), 'utf8');
      const leaf = pick(await leavesOf(name, file), 0) as Leaf;
      const changed = original.replace(
        /("?mac"?: "?ENC\[AES256_GCM,data:)(.)/,
        (_all, before: string, first: string) => `${before}${first === 'A' ? 'B' : 'A'}`,
      );
      expect(changed).not.toBe(original);
      await writeFile(join(folder, name), changed);
      expect(await extracted(name, leaf)).toBe(undefined);
      expect(await slipwaySays(name, leaf.path)).toEqual({ code: 'sops-changed' });
    }

    /** What sops extracts; it counts comments as items of a list of YAML, so that such a value is taken from the whole instead. */
    async function extracted(name: string, { path, value }: Leaf): Promise<string | undefined> {
      const index = indexOf(path, file.tree);
      const isCounted = file.format === 'yaml' && /\[\d/.test(index);
      const args = isCounted ? ['--output-type', 'json'] : ['--extract', index];
      const said = await sopsSays(['decrypt', ...args, name]);
      if (said === undefined) return undefined;
      if (isCounted) return String(valueAt(parseExactJson(said), path));
      return typeof value === 'string' ? said : said.replace(/\n$/, '');
    }

    async function compareChanged(name: string): Promise<void> {
      const original = await readFile(join(folder, name));
      const leaves = await leavesOf(name, file);
      for (let at = 0; at < CHANGED; at++) {
        const position = (picks[(EXTRACTED + at) % picks.length] ?? 0) % original.length;
        if (isForeign(original, position)) continue;
        const changed = Buffer.from(original);
        changed[position] = (changed[position] ?? 0) === 0x41 ? 0x42 : 0x41;
        await writeFile(join(folder, name), changed);
        const leaf = pick(leaves, at);
        if (leaf === undefined) continue;
        const expected = await extracted(name, leaf);
        const { value } = await slipwaySays(name, leaf.path);
        // Slipway may refuse more, and never gives what sops does not.
        const context = {
          position,
          near: original.subarray(position - 20, position + 20).toString('latin1'),
        };
        if (value !== undefined) expect({ ...context, value }).toEqual({ ...context, value: expected });
      }
      await writeFile(join(folder, name), original);
    }
  },
);
