const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Whole seconds, at least one, of `1m30s`; undefined for another text. https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-durations */
export function secondsOf(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g);
  const sum = [...parts].reduce(
    (total, [, number, unit = '']) => total + Number(number) * (UNITS[unit] ?? 0),
    0,
  );
  return Math.max(1, Math.ceil(sum));
}

/** `512m`, `1.5gb` or bytes as Kubernetes writes them; undefined for another text. https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-byte-values */
export function memoryOf(text: string): string | undefined {
  const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*(b|kb?|mb?|gb?)?$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const factor = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[unit.charAt(0).toLowerCase()] ?? 1;
  const mebibytes = Math.ceil((Number(number) * factor) / 2 ** 20);
  return mebibytes < 1 ? undefined : `${mebibytes}Mi`;
}
