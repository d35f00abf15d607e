import { describe, expect, it } from '@jest/globals';
import { API_VERSION, readPlaces, type SourceMap } from '@slipway/core';

const sourceMap: SourceMap = {
  apiVersion: API_VERSION,
  kind: 'SourceMap',
  sources: ['stencils/api.yaml'],
  related: [],
  objects: [],
};
const read = (places: string) => readPlaces(sourceMap, { file: 'api.yaml', document: 0, places, filled: [] });

describe('places of a source map that someone else wrote', () => {
  it('are left out where no file has such a line or column', () => {
    // Line 0; then line 1, column 0, which two more repeat.
    expect(read('D,CD,,')).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are left out where the map has no such file', () => {
    expect(read('AAAAC')).toEqual([undefined]);
  });
});
