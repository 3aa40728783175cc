import { describeTemplates } from './describe-templates';

it('tells what seeding changed or kept, and nothing of what was there', () => {
  const template = (name: string, outcome: 'inserted' | 'set_aside' | 'unchanged' | 'kept') => ({
    name,
    version: 1,
    outcome,
  });
  expect(
    describeTemplates([
      template('a', 'inserted'),
      template('b', 'unchanged'),
      template('c', 'kept'),
      template('d', 'inserted'),
      template('e', 'set_aside'),
    ]),
  ).toEqual([
    'Seeded: a v1, d v1',
    'Seeded, inactive because a user’s own version is in force: e v1',
    'Kept as a user changed it: c v1',
  ]);
  expect(describeTemplates([template('b', 'unchanged')])).toEqual([]);
});
