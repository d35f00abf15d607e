export { type DebianImages, debianImages, MIRRORED } from './push-debian-images.ts';
