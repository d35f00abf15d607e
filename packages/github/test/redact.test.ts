import { describe, expect, it } from '@jest/globals';
import { excerpt } from '@slipway/core';
import { escapeMarkdown } from '@slipway/report';
import { maskableLines, redact, redactMarkdown, writtenForms } from '../src/redact.ts';

describe('secrets', () => {
  it('are masked line by line, trivial lines excepted', () => {
    expect(maskableLines('-----BEGIN KEY-----\nMIIE\n\n{\nend')).toEqual([
      '-----BEGIN KEY-----\nMIIE\n\n{\nend',
      '-----BEGIN KEY-----',
      'MIIE',
    ]);
  });

  it('are masked completely if one is inside another', () => {
    expect(redact('x longer-secret y secret', new Set(['secret', 'longer-secret']))).toBe('x *** y ***');
  });

  it.each([
    ['the server said "postgres://sho…" of', 'the server said "***…" of'],
    ['a: postgres://shop:p@ss…\nb: post…', 'a: ***…\nb: ***…'],
    ['…p@ss/word" is wrong', '…***" is wrong'],
    ['…op:p@ss/word and postg… more', '…*** and ***… more'],
    ['waiting for pos…', 'waiting for pos…'],
    ['post office… closed', 'post office… closed'],
  ])('are masked where a text was cut inside of one: %s', (text, expected) => {
    expect(redact(text, new Set(['postgres://shop:p@ss/word']))).toBe(expected);
  });

  it('leave text behind in Markdown, where asterisks would end a bold sentence', () => {
    const secrets = new Set(['p@ss/word']);
    expect(redactMarkdown('**failed with "no p@ss/word"; see its log**', secrets)).toBe(
      '**failed with "no &#42;&#42;&#42;"; see its log**',
    );
    expect(redactMarkdown('**failed with p@ss…**', secrets)).toBe('**failed with &#42;&#42;&#42;…**');
  });

  it('are found as our messages and Markdown write them', () => {
    const secret = 'tab\there_*bold*<b>';
    const secrets = new Set(writtenForms(secret));
    for (const text of [secret, excerpt(secret, 100), escapeMarkdown(secret), excerpt(secret, 12)])
      expect(redact(`x ${text}`, secrets)).toMatch(/^x \*\*\*…?$/);
  });
});
