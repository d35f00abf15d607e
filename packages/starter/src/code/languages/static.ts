import { dockerfile, ending } from '../dockerfile/lines.ts';
import { known } from '../facts/known.ts';
import type { Language } from '../facts/language.ts';
import type { Program } from '../facts/program-facts.ts';
import { STATIC_SERVER, siteStage } from './static-server.ts';

/** A folder of HTML, which a web server serves as it is. */
export const STATIC: Language = {
  markers: /^index\.html$/,
  knownBy: 'index.html',
  recognise: () => Promise.resolve(SITE),
};

const SITE: Program = {
  ...STATIC_SERVER,
  facts: {
    language: 'static',
    build: [],
    port: known(8080),
    health: known('/'),
    dependencies: [],
  },
  dockerfile: dockerfile([
    ...siteStage(['COPY . /usr/share/nginx/html/']),
    ...ending(STATIC_SERVER.user, known(8080), undefined),
  ]),
  ignored: [],
};
