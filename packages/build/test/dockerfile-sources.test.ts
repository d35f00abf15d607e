import { describe, expect, it } from '@jest/globals';
import { parseDockerfileSources } from '@slipway/build';

const sources = (text: string, args: Record<string, string> = {}, contexts: string[] = []) =>
  parseDockerfileSources(text, args, contexts);

describe('what a Dockerfile takes from elsewhere', () => {
  it.each<[string, string, string[]]>([
    ['the image that it starts from', 'FROM node:24\nCOPY . /', ['node:24']],
    ['images of all stages, once', 'FROM a AS x\nFROM b\nFROM a', ['a', 'b']],
    ['an image for another platform', 'FROM --platform=$BUILDPLATFORM golang:1 AS build', ['golang:1']],
    ['no stage', 'FROM a AS Build\nFROM build\nCOPY --from=Build /x /\nCOPY --from=0 /y /', ['a']],
    ['nothing for scratch', 'from scratch', []],
    ['an image that files are copied from', 'FROM scratch\nCOPY --chown=1 --from=b:2 /x /', ['b:2']],
    [
      'an image that is mounted',
      'FROM scratch\nRUN --mount=type=bind,from=c,source=/ --mount=type=cache,target=/x true',
      ['c'],
    ],
    ['an image named over several lines', 'FROM \\\n  # why\n\n  a:1 \\\n  AS x', ['a:1']],
    ['an image behind another escape', '# escape=`\nFROM `\n a:1', ['a:1']],
    ['a default of an argument', 'ARG V=1\nARG B="a:${V}"\nFROM ${B}', ['a:1']],
    ['a default in the place itself', 'FROM a:${V:-3}', ['a:3']],
    ['nothing from a comment', '# FROM a\nFROM b', ['b']],
    ['nothing from a here-document', 'FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY --from=c x /', ['a', 'c']],
    ['nothing from what a command says', 'FROM a\nRUN echo --from=b COPY --from=c', ['a']],
  ])('is %s', (_case, text, images) => {
    expect(sources(text)).toEqual({ images });
  });

  it('follows the build arguments', () => {
    expect(sources('ARG BASE=a\nFROM $BASE', { BASE: 'b:2' })).toEqual({ images: ['b:2'] });
  });

  it('is not an image if a context or a service has the name', () => {
    expect(sources('FROM base\nCOPY --from=files x /', {}, ['base', 'files'])).toEqual({ images: [] });
  });

  it.each([
    ['a variable that only the builder knows', 'FROM a-${TARGETARCH}'],
    ['an argument without a value', 'ARG BASE\nFROM $BASE'],
    ['an argument of a stage', 'FROM a\nARG B=c\nCOPY --from=$B x /'],
    ['a file of the network', 'FROM a\nADD https://example.com/x.tar.gz /'],
    ['a repository of the network', 'FROM a\nADD git@example.com:x/y.git /y'],
  ])('is not known for %s', (_case, text) => {
    expect(sources(text)).toEqual({ unknown: expect.any(String) });
  });
});
