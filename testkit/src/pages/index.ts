export { COLUMN, type OpenPage, type PageBrowser, startBrowser } from './browser.ts';
export { type GitHubHtml, githubHtml } from './github-html.ts';
export type { Measured } from './measured.ts';
export { type Expected, pageProblems } from './page-problems.ts';
export type { Visited } from './visited.ts';
export { type Written, writtenIn } from './written.ts';
