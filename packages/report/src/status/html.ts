/** Text from elsewhere in an HTML page, as content or in an attribute with quotes. Characters that reorder or hide text become �. */
export function escapeHtml(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
      '\u{FFFD}',
    )
    .replace(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`);
}

/** HTML that is finished, so that text is not taken for it. */
export interface Html {
  readonly html: string;
}

/** A template whose texts are escaped, and whose other values are HTML already. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  const shown = values.map(value => {
    if (typeof value === 'string') return escapeHtml(value);
    return 'html' in value ? value.html : value.map(one => one.html).join('');
  });
  return { html: parts.map((part, index) => `${part}${shown[index] ?? ''}`).join('') };
}
