import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { KUBERNETES_SCALARS, REJECTED_SCALARS } from '@slipway/testkit/yaml';
import { parseDocument } from '../src/index.ts';

const readValue = (text: string): unknown => (parseDocument(text, 'a.yaml').value as { v: unknown }).v;

describe('a scalar is read as Kubernetes reads it', () => {
  it.each(Object.entries(KUBERNETES_SCALARS))('%s', (text, expected) => {
    expect(readValue(`v: ${text}\n`)).toEqual(expected);
  });

  it.each(REJECTED_SCALARS)('%s is refused', text => {
    expect(() => readValue(`v: ${text}\n`)).toThrow(SlipwayError);
  });
});

describe('a key becomes the text that Kubernetes makes of it', () => {
  it.each([
    ['on', 'true'],
    ['no', 'false'],
    ['y', 'true'],
    ['0777', '511'],
    ['0x1F', '31'],
    ['1e6', '1e+06'],
    ['.5', '0.5'],
    ['1.10', '1.1'],
    ['9007199254740993', '9007199254740993'],
    ['2024-01-02', '2024-01-02'],
    ['"on"', 'on'],
    ['__proto__', '__proto__'],
  ])('%s', (key, expected) => {
    const { value } = parseDocument(`${key}: 1\n`, 'a.yaml');
    expect(Object.keys(value as object)).toEqual([expected]);
  });

  it.each(['null', '~', '', '? [a]\n', '{a: 1}'])('%s is refused with its position', key => {
    expect(() => parseDocument(`${key}: 1\n`, 'a.yaml')).toThrow(
      expect.objectContaining({ code: 'yaml-key', message: expect.stringMatching(/^a\.yaml:1:/) }),
    );
  });
});
