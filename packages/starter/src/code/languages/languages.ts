import type { Language } from '../facts/language.ts';
import { DOTNET } from './dotnet.ts';
import { GO } from './go.ts';
import { JAVA } from './java/java.ts';
import { NODE } from './node/node.ts';
import { PHP } from './php.ts';
import { PYTHON } from './python/python.ts';
import { RUBY } from './ruby.ts';
import { RUST } from './rust.ts';
import { STATIC } from './static.ts';

/**
 * All languages, the first that recognises a folder wins: package.json is often beside a program of another language whose pages it
 * builds, and index.html beside anything.
 */
export const LANGUAGES: readonly Language[] = [GO, RUST, JAVA, DOTNET, RUBY, PHP, PYTHON, NODE, STATIC];
