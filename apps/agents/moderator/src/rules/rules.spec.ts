import type { Passage } from '@askflash/agent-kit';
import * as fc from 'fast-check';
import { forbiddenIn } from './forbidden';
import { marksByRules } from './marks-by-rules';
import { statementsOf } from './statements';

const passage = (path: string, heading: string, text: string): Passage => ({
  path,
  heading,
  text,
  score: 1,
});
const STOP = passage(
  'use.md',
  'Guide › Stopping',
  'Run `npm stop` to end all servers. Data stays.',
);
const START = passage('use.md', 'Guide › Starting', 'Run `npm start` and wait for the address.');

const judge = (query: string, answer: string, passages = [STOP, START]) =>
  marksByRules({ query, answer, sources: [{ path: 'use.md', heading: STOP.heading }], passages });

describe('statementsOf', () => {
  it('takes sentences, items and lines of code, without marks and citations', () => {
    const answer =
      'Run it. [1] It\nstops. [2]\n\n- one item [1]\n2. another\n\n```sh\nnpm stop\n\n# gone\n```\nYes. Data stays.';
    expect(statementsOf(answer)).toEqual([
      'Run it.',
      'It stops.',
      'one item',
      'another',
      'npm stop',
      '# gone',
      'Yes.',
      'Data stays.',
    ]);
  });

  it('takes nothing that has no terms', () => {
    expect(statementsOf('It is. [1]\n\n```\n---\n```\n\n…')).toEqual([]);
  });
});

describe('marksByRules', () => {
  it('finds an answer good that says what a passage says, about what is asked', () => {
    const marks = judge('How do I stop the servers?', 'Run `npm stop` to end all servers. [1]');
    expect(marks).toEqual({ groundedness: 1, completeness: 1, reasons: [] });
  });

  it('finds an answer good in other words and forms', () => {
    const marks = judge('How do I stop the servers?', 'Running `npm stop` ends every server. [1]');
    expect(marks.groundedness).toBe(1);
  });

  it('names what no passage backs, and puts no two passages together', () => {
    const { groundedness, reasons } = judge(
      'How do I stop the servers?',
      'Run `npm stop`. [1] It needs the password of the administrator. [1] Data waits for the address.',
    );
    expect(groundedness).toBeCloseTo(1 / 3);
    expect(reasons).toEqual([
      'No passage backs 2 of 3 statements: “It needs the password of the administrator.”, “Data waits for the address.”',
      'The answer does not speak of: servers',
    ]);
  });

  it('names what the answer does not speak of', () => {
    const { completeness, reasons } = judge('How do I stop the barometers?', 'Run `npm stop`. [1]');
    expect(completeness).toBe(0.5);
    expect(reasons).toEqual(['The answer does not speak of: barometers']);
  });

  it('counts what the headings of the sources say', () => {
    expect(judge('guide to stopping', 'Run it. [1]').completeness).toBe(1);
  });

  it('finds nothing grounded that says nothing', () => {
    expect(judge('What is it?', '…')).toMatchObject({ groundedness: 0, completeness: 1 });
  });

  it('always finds a quotation grounded, and gives shares', () => {
    const sentence = fc
      .array(fc.constantFrom('stop', 'npm', 'stack', 'queue', 'the', 'of', 'limit'), {
        minLength: 1,
        maxLength: 8,
      })
      .map((words) => `${words.join(' ')}.`);
    fc.assert(
      fc.property(
        sentence,
        fc.array(sentence, { minLength: 1 }),
        sentence,
        (query, text, other) => {
          const passages = [passage('a.md', '', text.join(' '))];
          const quoted = judge(query, text.join(' '), passages);
          expect(quoted.groundedness).toBe(statementsOf(text.join(' ')).length > 0 ? 1 : 0);
          const marks = judge(query, `${other} ${text[0]}`, passages);
          for (const mark of [marks.groundedness, marks.completeness]) {
            expect(mark).toBeGreaterThanOrEqual(0);
            expect(mark).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

describe('forbiddenIn', () => {
  const phrases = ['BEGIN PRIVATE KEY', 'Projekt Älpli', '…'];

  it.each([
    ['-----BEGIN PRIVATE KEY-----', ['BEGIN PRIVATE KEY']],
    ['begin\n  private_key', ['BEGIN PRIVATE KEY']],
    ['ＢＥＧＩＮ ｐｒｉｖａｔｅ key', ['BEGIN PRIVATE KEY']],
    ['projekt älpli, begin private key', ['BEGIN PRIVATE KEY', 'Projekt Älpli']],
    ['Begin with a private keyboard', []],
    ['beginprivatekey', []],
    ['…', []],
  ])('finds in %j: %j', (text, expected) => {
    expect(forbiddenIn(text, phrases)).toEqual(expected);
  });
});
