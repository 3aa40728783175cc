import * as fc from 'fast-check';
import { queryTerms, textTerms } from './terms';

describe('terms', () => {
  it('leaves out what says nothing about the subject', () => {
    expect(queryTerms('How do I stop the stack?')).toEqual(['stop', 'stack']);
    expect(queryTerms("What's it, and why don't you?")).toEqual([]);
  });

  it('parts names at their punctuation and drops accents', () => {
    expect(queryTerms('RABBITMQ_URL, embedding_lookup: café')).toEqual([
      'rabbitmq',
      'url',
      'embed',
      'lookup',
      'caf',
    ]);
  });

  it('finds a compound name as a whole and by its parts', () => {
    expect(textTerms('readFileSync of HTTPServer')).toEqual([
      'readfilesync',
      'read',
      'fil',
      'sync',
      'httpserver',
      'http',
      'server',
    ]);
    expect(queryTerms('readFileSync')).toEqual(['readfilesync']);
  });

  it('finds every text by the very words of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textTerms(text)).toEqual(expect.arrayContaining(queryTerms(text)));
      }),
    );
  });
});
