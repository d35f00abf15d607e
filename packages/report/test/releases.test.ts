import { describe, expect, it } from '@jest/globals';
import { destroyedMarkdown, releasesMarkdown } from '@slipway/report';

const EU = { application: 'shop', formation: 'production', destination: 'eu', namespace: 'shop-eu' };
const CLAIM = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop-eu', name: 'data' };

describe('the page of a formation that was removed', () => {
  it('says from which destination, and by whom', () => {
    expect(destroyedMarkdown(EU, { removed: [CLAIM], left: [], isUnknown: false }, 'ev<i>l')).toBe(
      '\n## shop/production at eu was removed\n\n1 object of namespace <code>shop-eu</code> was removed by ev&#60;i&#62;l.\n\n',
    );
  });

  it('does not say that it was removed where everything is left', () => {
    const page = destroyedMarkdown(EU, { removed: [], left: [CLAIM], isUnknown: false }, 'ada');
    expect(page).toContain('## shop/production at eu was not removed: 1 object left\n');
    expect(page).toContain('\n0 objects of namespace <code>shop-eu</code> were removed by ada.\n');
    expect(page).toContain('\n- PersistentVolumeClaim shop-eu/data is left; the log says why\n');
  });

  it('says where nothing was found', () => {
    expect(destroyedMarkdown(EU, { removed: [], left: [], isUnknown: true }, 'ada')).toBe(
      '\n## Nothing of shop/production at eu was found\n\nNo object of namespace <code>shop-eu</code> was removed.\n',
    );
  });
});

it('the list of releases says of which destination they are', () => {
  expect(releasesMarkdown(EU, [], new Map())).toBe(
    '\n## Releases of shop/production at eu, namespace shop-eu\n\nThere are none.\n',
  );
});
