/** The names inside `<output>/<formation>/<destination>/`. */
export const RENDERED_FILE = 'rendered.json';
export const SOURCE_MAP_FILE = 'source-map.json';
export const REPORT_FILE = 'report.json';
export const MANIFESTS_FOLDER = 'manifests';
