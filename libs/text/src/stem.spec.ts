import * as fc from 'fast-check';
import { stem } from './stem';

describe('stem', () => {
  it.each([
    ['stop', 'stops', 'stopped', 'stopping'],
    ['start', 'starts', 'started', 'starting'],
    ['run', 'runs', 'running'],
    ['install', 'installs', 'installed', 'installing'],
    ['configure', 'configures', 'configured', 'configuring', 'configuration', 'configurations'],
    ['migrate', 'migrates', 'migrated', 'migrating', 'migration', 'migrations'],
    ['create', 'creates', 'created', 'creating', 'creation'],
    ['query', 'queries', 'querying', 'queried'],
    ['message', 'messages', 'messaging'],
    ['connect', 'connects', 'connected', 'connecting', 'connection', 'connections'],
    ['execute', 'executes', 'executed', 'executing', 'execution'],
    ['publish', 'publishes', 'published', 'publishing'],
    ['automatic', 'automatically'],
    ['repeat', 'repeats', 'repeated', 'repeating'],
    ['cache', 'caches', 'cached', 'caching'],
    ['file', 'files'],
    ['time', 'times', 'timed', 'timing'],
    ['use', 'uses', 'used', 'using'],
  ])('brings the forms of %s together', (word, ...forms) => {
    expect(forms.map(stem)).toEqual(forms.map(() => stem(word)));
  });

  it.each([
    ['status', 'state'],
    ['process', 'proceed'],
    ['string', 'stir'],
    ['user', 'use'],
    ['redis', 'red'],
    ['this', 'thing'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(stem(one)).not.toBe(stem(other));
  });

  it('is never empty nor longer than the word, and leaves names with digits alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        const result = stem(word);
        expect(result.length).toBeGreaterThan(0);
        expect(result.length).toBeLessThanOrEqual(word.length);
      }),
    );
    expect(stem('sha256s')).toBe('sha256s');
  });
});
