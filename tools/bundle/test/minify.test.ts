import { describe, expect, it } from '@jest/globals';
import { minifyBundle } from '../minify.ts';

/** A chunk as webpack writes it. */
const CHUNK = `
export const ids = [12];
export const modules = {
/***/ 12: ((module, exports, load) => { module.exports = load(13) + "später"; }),
/***/ 13: (function (module) { module.exports = () => "…" + 1; }),
};
`;

describe('a minified chunk', () => {
  it('has the function of each module in parentheses, behind characters of several bytes too', async () => {
    const code = await minifyBundle(CHUNK);
    expect(code).toMatch(/12:\(\((\w,)*\w\)=>\{[^{}]*\}\),13:\(function\(\w\)\{.*"…1"\}\)\};?$/);
  });

  it('keeps what it means, however many files were minified before', async () => {
    await minifyBundle('export const other = "…";');
    const code = await minifyBundle(CHUNK);
    const { modules } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      modules: Record<string, (module: { exports?: unknown }, exports: unknown, load: () => string) => void>;
    };
    const module: { exports?: unknown } = {};
    modules['12']?.(module, {}, () => 'x');
    expect(module.exports).toBe('xspäter');
  });

  it('has no parentheses around functions that are called later', async () => {
    const code = await minifyBundle('export const table = { a: () => 1, b: function () { return 2; } };');
    expect(code).not.toMatch(/:\((?:function|\()/);
  });
});
