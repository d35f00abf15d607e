import { nameFrom } from '../names/names.ts';
import type { ProposedService } from '../proposal/contribution.ts';
import { fullName, isEmpty, parseImage } from './image-names.ts';

/** An image of the manifests, and the name of a container that runs it. */
export interface UsedImage {
  readonly image: string;
  readonly container: string;
}

/** Which service has which image of the manifests. */
export interface Matched {
  readonly services: readonly ProposedService[];
  /** The service by image. */
  readonly byImage: ReadonlyMap<string, string>;
  /** Images that a template names and that no service is known for. */
  readonly unknown: readonly string[];
}

/** Images that are built here become those of their services; all others become ready-made services. */
export function matchImages(
  used: readonly UsedImage[],
  built: readonly ProposedService[],
  application: string,
): Matched {
  const images = [...new Map(used.map(one => [one.image, one])).values()];
  const byImage = new Map<string, string>();
  const guesses = new Map<string, string>();
  for (const one of images) {
    const service = built.find(({ name }) => isNamed(one, name, application));
    if (service !== undefined) byImage.set(one.image, service.name);
  }
  const left = built.filter(({ name }) => ![...byImage.values()].includes(name));
  const open = byRepository(images.filter(({ image }) => !byImage.has(image) && mayBeOurs(image)));
  const [service] = left;
  const [only] = open;
  if (left.length === 1 && open.length === 1 && service !== undefined && only !== undefined) {
    for (const image of only.images) byImage.set(image, service.name);
    guesses.set(
      service.name,
      `it is the only Dockerfile, and ${only.name} the only image, without the other`,
    );
  }
  const services: ProposedService[] = built.map(one => withGuess(one, guesses.get(one.name)));
  renameRoot(services, byImage);
  for (const { image: text } of images.filter(
    one => !byImage.has(one.image) && !parseImage(one.image).isTemplate && !isEmpty(one.image),
  )) {
    const name = freeName(text, services);
    services.push({ name, service: { image: fullName(text) }, ...untagged(text) });
    byImage.set(text, name);
  }
  const unknown = images.map(one => one.image).filter(text => !byImage.has(text));
  return { services, byImage, unknown };
}

/** Environments may have one image by several tags. It is named with its tag where there is one only. */
function byRepository(images: readonly UsedImage[]): { name: string; images: readonly string[] }[] {
  const groups = Map.groupBy(images, ({ image }) => parseImage(image).repository);
  return [...groups].map(([repository, group]) => ({
    name: group.length === 1 ? (group[0]?.image ?? repository) : repository,
    images: group.map(({ image }) => image),
  }));
}

/** A Dockerfile of the root has no folder to be named after, and so its image's name. */
function renameRoot(services: ProposedService[], byImage: Map<string, string>): void {
  for (const [image, name] of byImage) {
    const index = services.findIndex(one => one.name === name && one.service.build?.context === '.');
    const found = nameFrom(parseImage(image).last);
    const service = services[index];
    if (service === undefined || service.guess === undefined || found === undefined) continue;
    if (parseImage(image).isTemplate || services.some(one => one.name === found)) continue;
    services[index] = { ...service, name: found };
    for (const [other, owner] of byImage) if (owner === name) byImage.set(other, found);
  }
}

/** Whether an image, or a container with an image that is filled in later, is named after a service. */
function isNamed({ image, container }: UsedImage, service: string, application: string): boolean {
  const { last, isTemplate } = parseImage(image);
  const names = [nameFrom(last), ...(isTemplate ? [nameFrom(container)] : [])];
  const wanted = [service, `${application}-${service}`, `${service}-${application}`];
  return names.some(name => name !== undefined && wanted.includes(name));
}

/** Official images have no owner. */
function mayBeOurs(image: string): boolean {
  const { repository, isTemplate } = parseImage(image);
  if (isEmpty(image)) return false;
  return (
    isTemplate || repository.replace(/^docker\.io\/(?:library\/)?/, '').includes('/') || !/[:@]/.test(image)
  );
}

function withGuess(service: ProposedService, guess: string | undefined): ProposedService {
  return guess === undefined ? service : { ...service, guess };
}

function untagged(image: string): Pick<ProposedService, 'guess'> {
  return fullName(image).endsWith(':latest') && !image.endsWith(':latest')
    ? { guess: 'the manifest names no tag' }
    : {};
}

/** The last part of the repository; with a number where it is taken. */
function freeName(image: string, services: readonly ProposedService[]): string {
  const name = nameFrom(parseImage(image).last) ?? 'image';
  const taken = new Set(services.map(service => service.name));
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
