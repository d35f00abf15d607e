import { type ContainerImage, imagesOf, type KubernetesObject } from '@slipway/kubernetes';

/** An image as a manifest names it. */
export interface ImageName {
  /** Without its tag and its digest. */
  readonly repository: string;
  /** The last part of the repository. */
  readonly last: string;
  /** Whether it is filled by another program, such as `${IMAGE}`. */
  readonly isTemplate: boolean;
}

export function parseImage(text: string): ImageName {
  const isTemplate = /[${}<>]/.test(text);
  const [named = ''] = text.split('@');
  const repository = named.replace(/:[^/:]*$/, '');
  return { repository, last: repository.slice(repository.lastIndexOf('/') + 1), isTemplate };
}

/** Whether a field is there for an image that is not in it. */
export function isEmpty(image: string): boolean {
  return image.trim() === '';
}

/** A ready-made image with its registry and a tag, as slipway.yaml names it. */
export function fullName(text: string): string {
  const [first = '', ...rest] = text.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const named = hasHost ? text : `docker.io/${rest.length === 0 ? `library/${text}` : text}`;
  const isPinned = named.includes('@') || /:[^/]+$/.test(named.slice(named.lastIndexOf('/')));
  return isPinned ? named : `${named}:latest`;
}

/** The tag of an image that a service has, and that is not built yet. */
const UNRESOLVED = ':unresolved';

/** The images of an object that no placeholder names. */
export function openImages(object: KubernetesObject): ContainerImage[] {
  return imagesOf(object).filter(({ image }) => !image.endsWith(UNRESOLVED));
}

/** The services whose images placeholders of an object name. */
export function namedServices(object: KubernetesObject): string[] {
  return imagesOf(object).flatMap(({ image }) =>
    image.endsWith(UNRESOLVED) ? [parseImage(image).last] : [],
  );
}
