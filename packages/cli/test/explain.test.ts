import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Explanation, explanationSchema } from '@slipway/core';
import { Ajv } from 'ajv';
import { copyOfShop, runIn } from './support/copy.ts';

const folder = copyOfShop();

/** `file:line` of the first line of a file that has a text. */
function lineOf(file: string, text: string): string {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const index = lines.findIndex(line => line.includes(text));
  expect(index).toBeGreaterThanOrEqual(0);
  return `${file}:${index + 1}`;
}

describe('slipway explain', () => {
  it('says of a value in the config which field has it, and where it does not apply', async () => {
    const { exitCode, printed } = await runIn(folder, 'explain', lineOf('config/shop.yaml', 'us.production'));
    expect(exitCode).toBe(0);
    expect(printed.replaceAll(/:\d+:\d+/g, ':…')).toBe(
      [
        'ConfigMap api /data/CURRENCY = "USD"',
        '  written at stencils/settings.yaml:…',
        '  filled by us.production.shop.currency (config/shop.yaml:…)',
        '  in production/us',
      ].join('\n'),
    );
  });

  it('says of a line of a stencil which value each destination has there', async () => {
    const { printed } = await runIn(
      folder,
      'explain',
      lineOf('stencils/settings.yaml', 'CURRENCY'),
      '--json',
    );
    const explanation = JSON.parse(printed) as Explanation;
    expect(new Ajv().validate(explanationSchema, explanation)).toBe(true);
    expect(
      explanation.parts.map(({ formation, destination, value }) => [formation, destination, value]),
    ).toEqual([
      ['production', 'eu', 'EUR'],
      ['production', 'us', 'USD'],
      ['staging', 'main', 'EUR'],
    ]);
  });

  it('never shows what a Secret has', async () => {
    const { exitCode, printed } = await runIn(
      folder,
      'explain',
      lineOf('stencils/settings.yaml', 'postgres:'),
      '--json',
    );
    expect([exitCode, printed.includes('"pointer": "/stringData/url"')]).toEqual([0, true]);
    expect(printed).not.toMatch(/postgres:|"value"/);
  });

  it('says of a line of the result what decided it, wherever the tree was written', async () => {
    await runIn(folder, 'render', '--output', 'kept');
    const file = 'kept/production/us/manifests/settings.yaml';
    const { exitCode, printed } = await runIn(folder, 'explain', lineOf(file, 'CURRENCY'));
    expect(exitCode).toBe(0);
    expect(printed).toContain('filled by us.production.shop.currency (config/shop.yaml:');
  });

  it('fails for a line that nothing comes from', async () => {
    const { exitCode, printed, complaints } = await runIn(folder, 'explain', 'stencils/api.yaml:9000');
    expect([exitCode, printed]).toEqual([1, '']);
    expect(complaints).toContain('(line-unused)');
  });

  it('fails for a value that nearer addresses hide in what is rendered', async () => {
    const line = lineOf('config/shop.yaml', 'us.production');
    expect((await runIn(folder, 'explain', line, '--formation', 'staging')).exitCode).toBe(1);
  });

  it.each(['stencils/none.yaml:3', 'stencils/api.yaml', 'stencils/api.yaml:0'])(
    'refuses what is not a line: %s',
    async line => {
      const { exitCode, complaints } = await runIn(folder, 'explain', line);
      expect([exitCode, complaints.endsWith('(usage)')]).toEqual([2, true]);
    },
  );
});
