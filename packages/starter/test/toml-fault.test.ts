import { describe, expect, it } from '@jest/globals';
import { tomlFault } from '../src/code/facts/toml-fault.ts';

describe('a text', () => {
  it.each([
    [''],
    ['# nothing\n'],
    ['[project]\r\nname = "shop" # it\r\n'],
    ['[tool.poetry."a b".c]\n[[bin]]\nname = \'x\\y\''],
    ['a.b = [ # first\n  "x",\n  { y = 1, z = [2] },\n]\n'],
    ['a = -1_000\nb = +inf\nc = 0xdead_beef\nd = 5e-3\ne = 1979-05-27 07:32:00Z\nf = 07:32:00\n'],
    ['a = """one "two"" \\"""\nthree""""\nb = \'\'\'\n[no\n\'\'\'\n'],
    ['a = ""\nb = \'\'\n'],
  ])('has the form of TOML: %j', text => {
    expect(tomlFault(text)).toBeUndefined();
  });

  it.each([
    ['[project\n', 0],
    ['name "shop"', 5],
    ['name = shop', 7],
    ['name =\n"shop"', 6],
    ['name = "shop', 7],
    ['name = "shop" version', 14],
    ['a = [1\nb = 2\n', 7],
    ['a = [1,', 7],
    ['a = [1}', 6],
    ['a = { b 1 }', 8],
    ['a = """x"', 4],
    ['modul x', 6],
    ['{', 0],
  ])('stops having it: %j', (text, at) => {
    expect(tomlFault(text)).toBe(at);
  });

  it('is read however long or deep it is', () => {
    const deep = 200_000;
    expect(tomlFault(`a = ${'['.repeat(deep)}`)).toBe(deep + 4);
    expect(tomlFault(`a = ${'['.repeat(deep)}${']'.repeat(deep)}`)).toBeUndefined();
    expect(tomlFault('a.'.repeat(deep))).toBe(199);
  });
});
