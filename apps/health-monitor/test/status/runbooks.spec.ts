import { CONDITIONS, runbookOf, type ConditionName } from '../../src/conditions/condition';
import { RunbookNotFoundError } from '../../src/runbooks/errors';
import { renderRunbook } from '../../src/runbooks/render-runbook';
import { Runbooks } from '../../src/runbooks/runbooks';
import { structureOf } from './structure-of';

const isCondition = (name: string): name is ConditionName => name in CONDITIONS;

describe('the runbooks', () => {
  const runbooks = new Runbooks();
  const render = (source: string) => renderRunbook(source, '../runbooks/').toString();

  it.each(Object.keys(CONDITIONS).filter(isCondition))('have a page for %s', (name) => {
    expect(runbooks.read(runbookOf(name))).toMatch(/^# \S/);
    expect(runbooks.index).toContain(`(${runbookOf(name)}.md)`);
  });

  it('lead to one another, and nowhere that is not', () => {
    for (const source of [runbooks.index, ...runbooks.names.map((name) => runbooks.read(name))]) {
      const links = [...render(source).matchAll(/href="([^"#]*)/g)].map(([, link = '']) => link);
      const dead = links.filter((link) => {
        const [, name] = /^\.\.\/runbooks\/([\w-]+)$/.exec(link) ?? [];
        if (name !== undefined) return !runbooks.names.includes(name);
        return !/^https?:/.test(link) && !['', '../runbooks/../runbooks'].includes(link);
      });
      expect(dead).toEqual([]);
    }
  });

  it('have one heading of the first rank each', () => {
    for (const name of runbooks.names) {
      const headings = structureOf(render(runbooks.read(name))).filter((tag) => tag === 'h1');
      expect([name, headings]).toEqual([name, ['h1']]);
    }
  });

  it.each(['README', 'none', '../README', '__proto__'])('know none by the name %s', (name) =>
    expect(() => runbooks.read(name)).toThrow(RunbookNotFoundError),
  );

  it('lose links to what is not served here, and markup', () => {
    expect(
      render('[keys](../api-keys.md) [bad](javascript:alert(1)) [x](x.md#y "t") <b>no</b>'),
    ).toBe(
      '<p><a>keys</a> [bad](javascript:alert(1)) <a href="../runbooks/x#y">x</a> &lt;b&gt;no&lt;/b&gt;</p>\n',
    );
  });
});
