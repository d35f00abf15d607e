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
    ['a default where it is used', 'FROM a:${V:-3}', ['a:3']],
    ['nothing from a comment', '# FROM a\nFROM b', ['b']],
    ['nothing from a here-document', 'FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY --from=c x /', ['a', 'c']],
    ['nothing from what a command says', 'FROM a\nRUN echo --from=b COPY --from=c', ['a']],
    ['what follows a here-string', 'FROM a\nRUN cat <<<hello\nCOPY --from=b x /', ['a', 'b']],
    ['what follows a mark within quotes', 'FROM a\nRUN echo "<<EOF"\nCOPY --from=b x /', ['a', 'b']],
    ['what follows a mark behind an open quote', "FROM a\nRUN echo it's <<EOF\nFROM b", ['a', 'b']],
    [
      'what follows a mark where none can be',
      'FROM a\nCMD cat <<EOF\nLABEL a=<<EOF\nENV A <<EOF\nFROM b',
      ['a', 'b'],
    ],
    ['what follows a shift', 'FROM a\nRUN echo $((1<<BITS))\nFROM b', ['a', 'b']],
    ['what follows the whole mark', 'FROM a\nRUN <<END-1\nFROM x\nEND\nEND-1\nFROM b', ['a', 'b']],
    ['what follows an end without spaces', 'FROM a\nRUN <<E\nFROM x\n E\nE \nE\nFROM b', ['a', 'b']],
    ['what follows an end with tabs', 'FROM a\nRUN <<-"E"\nFROM x\n\t\tE\nFROM b', ['a', 'b']],
    ['what follows two here-documents', 'FROM a\nRUN cat <<A 3<<B\nFROM x\nA\nFROM y\nB\nFROM b', ['a', 'b']],
    ['nothing from a here-document of ADD', 'FROM a\nADD <<E /x\nFROM b\nE', ['a']],
    ['what follows two escapes at the end of a line', 'FROM a\nRUN echo \\\\\nFROM b', ['a', 'b']],
    ['what follows JSON', 'FROM a\nRUN ["cat", "<<E"]\nFROM b', ['a', 'b']],
    [
      'a mount whose keys are in capitals',
      'FROM scratch\nRUN --mount=type=bind,FROM=c,target=/x true',
      ['c'],
    ],
    ['a mount in quotes', `FROM scratch\nRUN --mount='"from=c",target=/x' true`, ['c']],
    ['a number in a mount', 'FROM scratch AS x\nRUN --mount=from=0,target=/x true', ['0']],
    ['a flag in quotes', 'FROM scratch\nCOPY --from="b" x /', ['b']],
    ['what a stage triggers', 'FROM a AS x\nONBUILD COPY --from=b x /\nFROM x', ['a', 'b']],
    ['nothing that is not triggered', 'FROM a AS x\nONBUILD COPY --from=b x /', ['a']],
    ['a name without a variable that is not set', 'FROM a${UNSET}', ['a']],
    ['a name that a variable replaces', 'ARG A=1\nFROM ${A:+a}${B:+b}${B-c}', ['ac']],
    [
      'a name from which patterns take away',
      'ARG A=x-1.2.3\nFROM ${A#*-} AS a\nFROM b:${A%%.*}',
      ['1.2.3', 'b:x-1'],
    ],
    ['the image of the frontend', '# syntax=docker/dockerfile:1\nFROM a', ['a', 'docker/dockerfile:1']],
    ['an image behind a byte order mark', '\ufeffFROM a', ['a']],
  ])('is %s', (_case, text, images) => {
    expect(sources(text)).toEqual({ images });
  });

  it('follows the build arguments', () => {
    expect(sources('ARG BASE=a\nFROM $BASE', { BASE: 'b:2' })).toEqual({ images: ['b:2'] });
  });

  it('is not an image if a context or a service has the name', () => {
    expect(sources('FROM base\nCOPY --from=files x /', {}, ['base', 'files'])).toEqual({ images: [] });
    expect(sources('FROM docker.io/library/base:latest', {}, ['base'])).toEqual({ images: [] });
    expect(sources('FROM base:1\nFROM context', {}, ['base', 'context'])).toEqual({
      images: ['base:1', 'context'],
    });
  });

  it('takes the frontend of a build argument', () => {
    expect(sources('FROM a', { BUILDKIT_SYNTAX: 'docker/dockerfile:1.9' })).toEqual({
      images: ['a', 'docker/dockerfile:1.9'],
    });
    expect(sources('FROM a', { BUILDKIT_SYNTAX: 'other' })).toEqual({ unknown: expect.any(String) });
  });

  it.each([
    ['a variable that only the builder knows', 'FROM a-${TARGETARCH}'],
    ['an argument without a value', 'ARG BASE\nFROM $BASE'],
    ['an argument of a stage', 'FROM a\nARG B=c\nCOPY --from=$B x /'],
    ['a file of the network', 'FROM a\nADD https://example.com/x.tar.gz /'],
    ['a repository of the network', 'FROM a\nADD git@example.com:x/y.git /y'],
    ['a variable that may be a file of the network', 'FROM a\nARG URL\nADD ${URL} /'],
    ['a file of the network in JSON', 'FROM a\nADD ["https://example.com/x", "/"]'],
    ['a file of the network in quotes', 'FROM a\nADD "https://example.com/x" /'],
    ['a repository by ssh', 'FROM a\nADD ssh://git@example.com/x /'],
    ['a repository by git', 'FROM a\nADD git://example.com/x /'],
    [
      'a file of the network that a stage triggers',
      'FROM a AS x\nONBUILD ADD http://example.com/x /\nFROM x',
    ],
    ['another frontend', '# syntax=example/other\nFROM a'],
    ['a frontend that has no here-documents', '# syntax=docker/dockerfile:1.2\nFROM a'],
    ['an argument with a replacement', 'ARG A=1\nFROM a:${A/1/2}'],
    ['a here-document without an end', 'FROM a\nRUN <<EOF\nFROM b'],
    ['a word that is not an instruction', 'FROM a\nRUNS x'],
    ['bytes that are not UTF-8', 'FROM a\nRUN <<\ufffd\nFROM b\n\ufffd'],
    ['a line that is too long', `FROM a\nRUN ${'x'.repeat(70_000)}`],
    ['substitutions within each other', `FROM ${'${A:-'.repeat(20_000)}a${'}'.repeat(20_000)}`],
    ['a value that grows', `ARG A=aaaaaaaaaa\n${'ARG A=$A$A\n'.repeat(1000)}FROM $A`],
    ['a name that grows', `ARG A=${'a'.repeat(500)}\nFROM ${'$A'.repeat(100_000)}`],
    [
      'triggers of very many stages',
      `FROM a AS x\n${'ONBUILD RUN a\n'.repeat(8000)}${'FROM x\n'.repeat(10_000)}`,
    ],
    ['a costly pattern', `ARG A=${'a'.repeat(30_000)}\nFROM \${A#${'*a'.repeat(10_000)}b}`],
  ])('is not known for %s', (_case, text) => {
    expect(sources(text)).toEqual({ unknown: expect.any(String) });
  });

  it.each([
    [
      'a here-document',
      'FROM a\n# x\nRUN a \\\n<<EOF',
      'line 3 of its Dockerfile: a here-document does not end',
    ],
    ['a word', 'FROM a\n\nRUNS x', 'line 3 of its Dockerfile: "runs" is not an instruction'],
    ['an image', 'FROM A', 'BuildKit may refuse its Dockerfile: "A" is not the name of an image'],
  ])('is said to be refused where that is: %s', (_case, text, reason) => {
    expect(sources(text)).toEqual({ unknown: expect.stringContaining(reason) });
  });
});
