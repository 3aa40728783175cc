import { intentOutput, type IntentOutput } from '@askflash/agent-kit';
import * as fc from 'fast-check';
import { intentByRules } from './intent-by-rules';

type Expected = readonly [IntentOutput['category'], IntentOutput['complexity'], string];

describe('intentByRules', () => {
  it.each<Expected>([
    ['informational', 'simple', 'What is a quorum queue?'],
    ['informational', 'simple', 'How does the outbox work?'],
    ['informational', 'simple', 'How long are messages kept?'],
    ['informational', 'simple', 'Which variable sets the port of the web page?'],
    ['informational', 'simple', 'What happens when a stage fails?'],
    ['informational', 'simple', 'quorum queues'],
    ['informational', 'simple', ''],
    ['procedural', 'simple', 'How do I add a new agent?'],
    ['procedural', 'simple', 'how to install it'],
    ['procedural', 'simple', 'What are the steps to upgrade the database?'],
    ['navigational', 'simple', 'Where are the runbooks?'],
    ['navigational', 'simple', 'Which file describes the settings?'],
    ['navigational', 'simple', 'Show me the page about retries'],
    ['transactional', 'simple', 'Restart the coordinator, please'],
    ['transactional', 'simple', 'Can you delete my tasks for me?'],
    ['comparative', 'moderate', 'What is the difference between a task and a stage?'],
    ['comparative', 'moderate', 'Redis vs PostgreSQL for state'],
    ['comparative', 'moderate', 'Which is faster, polling or notifications?'],
    ['diagnostic', 'moderate', 'Why does my agent not start?'],
    ['diagnostic', 'moderate', 'A sensor sends nothing, what can I do?'],
    ['diagnostic', 'moderate', 'The coordinator keeps crashing with exit code 69'],
    ['diagnostic', 'moderate', "The agent doesn't connect to RabbitMQ"],
    ['creative', 'moderate', 'Write a haiku about queues'],
    ['creative', 'moderate', 'Suggest some names for an agent'],
    ['analytical', 'moderate', 'Why is PostgreSQL authoritative?'],
    ['analytical', 'moderate', 'Analyse the trade-offs of micro-batching'],
  ])('finds %s, %s: %s', (category, complexity, query) => {
    expect(intentByRules(query)).toMatchObject({ category, complexity, by: 'rules' });
  });

  it('parts a query into its questions', () => {
    const parts = (query: string) => intentByRules(query).subQuestions;
    expect(parts('How do I start it?')).toEqual([]);
    expect(parts('How do I start it, and where are its logs?')).toEqual([
      'How do I start it?',
      'Where are its logs?',
    ]);
    expect(parts('I have Node 20. What is a stage? Why can it fail? Thanks.')).toEqual([
      'What is a stage?',
      'Why can it fail?',
    ]);
    expect(parts('Can salt and pepper be mixed?')).toEqual([]);
    expect(parts('Salt what I cook and how I like it')).toEqual([]);
  });

  it('finds a query complex that has much to be answered', () => {
    const many = 'What is a stage? How does it fail? When is it retried? Who decides that?';
    expect(intentByRules(many).complexity).toBe('complex');
    const long = `Analyse the consequences of ${'a broker that is restarted in the night, '.repeat(4)}for us`;
    expect(intentByRules(long).complexity).toBe('complex');
  });

  it.each([
    ['What is the latest version of Node?', true],
    ['Is the site down today?', true],
    ['Summarise https://example.org/post', true],
    ['What do people on the internet say about it?', true],
    ['How do I add a new agent?', false],
    ['Which version of a template does a running task keep?', false],
    ['How is the web page of the station started?', false],
  ])('tells whether the web is needed: %s', (query, expected) => {
    expect(intentByRules(query).needsWeb).toBe(expected);
  });

  it('takes any text, and gives what it owes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (query) => {
        const intent = intentByRules(query);
        expect(intentOutput.parse(intent)).toEqual(intent);
        expect(intentByRules(query)).toEqual(intent);
      }),
    );
  });

  it('takes a text of any length in little time', () => {
    const startedAt = performance.now();
    for (const piece of [
      'why ',
      'is not ',
      'a, and how ',
      'which is ',
      'find the ',
      'difference ',
    ]) {
      intentByRules(piece.repeat(100_000 / piece.length));
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
