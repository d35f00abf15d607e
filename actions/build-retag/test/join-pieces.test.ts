import { describe, expect, it } from '@jest/globals';
import { indexOf, type PlatformImage } from '@slipway/registry';
import { joinPieces, type Wanted } from '../src/parts/join-pieces.ts';
import type { Piece } from '../src/parts/read-pieces.ts';

const image = (platform: string, annotations: Record<string, string> = {}): PlatformImage => ({
  platform,
  entry: { digest: `of ${platform}` },
  attestations: [],
  annotations,
});

/** What a part has of one service, for the platforms that it names. */
function piece(part: string, service: string, platforms: string[], changes: Partial<Piece> = {}): Piece {
  const images = platforms.map(platform => image(platform));
  return {
    part,
    service,
    image: { digest: `sha256:${'1'.repeat(64)}`, inputs: 'the same', milliseconds: 1 },
    manifest: indexOf(images, { part }),
    images,
    total: images.length,
    isNamed: true,
    ...changes,
  };
}

const BOTH = ['linux/amd64', 'linux/arm64'];
const WANTED: Wanted = { services: ['api'], platforms: BOTH, mayHaveMore: false };

describe('the image that pieces make', () => {
  it('has the platforms in the order of the input, and the annotations that all images have', () => {
    const amd64 = { images: [image('linux/amd64', { title: 'api', revision: 'a' })] };
    const arm64 = { images: [image('linux/arm64/v8', { title: 'api', revision: 'b' })] };
    const { joined, problems } = joinPieces(WANTED, [
      piece('two', 'api', [], { ...arm64, total: 1 }),
      piece('one', 'api', [], { ...amd64, total: 1 }),
    ]);
    expect(problems).toEqual([]);
    expect(joined[0]?.manifest.content).toMatchObject({
      manifests: [{ digest: 'of linux/amd64' }, { digest: 'of linux/arm64/v8' }],
      annotations: { title: 'api' },
    });
    expect(joined[0]?.manifest.content['annotations']).not.toHaveProperty('revision');
  });

  it('is the one that a part has where that is all of it, or that all parts took', () => {
    const whole = piece('one', 'api', BOTH);
    expect(joinPieces(WANTED, [whole]).joined[0]?.manifest).toBe(whole.manifest);
    const halves = whole.images.map((own, index) =>
      piece(`${index}`, 'api', [], { images: [own], total: 2, manifest: whole.manifest }),
    );
    expect(joinPieces(WANTED, halves).joined[0]?.manifest).toBe(whole.manifest);
  });

  it('is another one where a part takes some platforms of an image only', () => {
    const some = piece('one', 'api', ['linux/amd64'], { total: 2 });
    const { joined, problems } = joinPieces({ ...WANTED, platforms: ['linux/amd64'] }, [some]);
    expect(problems).toEqual([]);
    expect(joined[0]?.manifest.digest).not.toBe(some.manifest.digest);
  });
});

describe('what is wrong with pieces', () => {
  const amd64 = piece('amd64', 'api', ['linux/amd64']);
  const arm64 = piece('arm64', 'api', ['linux/arm64']);
  const changed = { ...arm64.image, inputs: 'others' };
  const { inputs: _inputs, ...unknown } = arm64.image;
  const cases: Readonly<Record<string, readonly [Piece[], Partial<Wanted>, string[]]>> = {
    'nothing, where each platform is in one part': [[amd64, arm64], {}, []],
    'a platform that is missing': [[amd64], {}, ['parts-incomplete']],
    'a service that is missing': [[amd64, arm64], { services: ['api', 'web'] }, ['parts-incomplete']],
    'a service that is left out': [[amd64, arm64, piece('web', 'web', BOTH)], {}, ['part-surplus']],
    'a platform that is not named': [[amd64, arm64], { platforms: ['linux/amd64'] }, ['part-surplus']],
    'nothing, where no input names platforms': [
      [amd64, arm64],
      { platforms: ['linux/amd64'], mayHaveMore: true },
      [],
    ],
    'a platform twice': [[amd64, { ...amd64, part: 'other' }, arm64], {}, ['parts-overlap']],
    'a platform twice, with a variant that goes without saying': [
      [amd64, arm64, piece('v8', 'api', ['linux/arm64/v8'])],
      {},
      ['parts-overlap'],
    ],
    'platforms that one does not name': [[amd64, { ...arm64, isNamed: false }], {}, ['parts-overlap']],
    'different inputs': [[amd64, { ...arm64, image: changed }], {}, ['parts-disagree']],
    'inputs that one does not know': [[amd64, { ...arm64, image: unknown }], {}, ['parts-disagree']],
    'several things': [
      [amd64, { ...arm64, image: changed }, piece('web', 'web', BOTH)],
      { platforms: [...BOTH, 'linux/s390x'] },
      ['part-surplus', 'parts-incomplete', 'parts-disagree'],
    ],
  };

  it.each(Object.entries(cases))('%s', (_case, [pieces, wanted, codes]) => {
    expect(joinPieces({ ...WANTED, ...wanted }, pieces).problems.map(({ code }) => code)).toEqual(codes);
  });
});
