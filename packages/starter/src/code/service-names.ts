const LONGEST = 40;

/** Names of services for these folders, in their order: the folder's own name, or its whole path where two are the same. */
export function serviceNames(
  application: string,
  folders: readonly string[],
  taken: readonly string[],
): readonly string[] {
  const names: string[] = [];
  for (const folder of folders) {
    const short = label(folder === '' ? application : (folder.split('/').at(-1) ?? ''));
    const candidates = [
      short,
      label(folder.replaceAll('/', '-')),
      ...Array.from({ length: folders.length + 1 }, (_, at) => `${short}-${at + 2}`),
    ];
    names.push(
      candidates.find(name => name !== '' && !names.includes(name) && !taken.includes(name)) ?? short,
    );
  }
  return names;
}

/** Letters, digits and `-`, as Kubernetes takes a name for a Service; it must start with a letter. */
function label(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return plain.slice(0, LONGEST).replace(/-+$/, '') || 'app';
}
