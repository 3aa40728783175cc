import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONDITIONS, runbookOf } from '../src/conditions/condition';
import { dashboard, operandsOf, shippedRules } from './prometheus/shipped';

const RUNBOOKS = join(__dirname, '../../../docs/runbooks');
const URL_OF_RUNBOOK = /^\{\{ \$externalLabels\.health_monitor_url \}\}\/runbooks\/([a-z-]+)$/;

const alerts = shippedRules.filter(({ alert }) => alert !== undefined);
const conditionOf = (expression: string) =>
  /^max by \(condition\) \(mcp_conditions_open\{condition="(\w+)"\}\) > 0$/.exec(expression)?.[1];

describe('the rules', () => {
  it('have an alert for each condition, as severe and of the same title', () => {
    const told = alerts.flatMap(({ expr, labels, annotations, ...rule }) => {
      const name = conditionOf(expr);
      const { severity } = labels;
      return name ? [{ name, severity, title: annotations['summary'], for: rule.for }] : [];
    });
    expect(told).toEqual(
      Object.entries(CONDITIONS).map(([name, { severity, title }]) => ({ name, severity, title })),
    );
  });

  it('name for each what is open, and its runbook', () => {
    for (const { expr, annotations } of alerts) {
      const name = conditionOf(expr);
      if (!name) continue;
      expect(annotations['description']).toContain(`mcp_condition_open{condition='${name}'}`);
      expect(annotations['runbook_url']).toMatch(new RegExp(`/runbooks/${runbookOf(name)}$`));
    }
  });

  it('give every alert a severity, a summary, a description and a runbook that is there', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect({ alert, ...labels, ...annotations }).toEqual({
        alert,
        severity: expect.stringMatching(/^(warning|critical)$/),
        system: 'askflash',
        summary: expect.stringMatching(/\w/),
        description: expect.stringMatching(/\w/),
        runbook_url: expect.stringMatching(URL_OF_RUNBOOK),
      });
      const [, runbook] = URL_OF_RUNBOOK.exec(annotations['runbook_url'] ?? '') ?? [];
      expect([alert, existsSync(join(RUNBOOKS, `${runbook}.md`))]).toEqual([alert, true]);
    }
  });

  it('can be asked without what they compare with', () => {
    expect(operandsOf('max(a) > 0 and (sum(increase(b[10m])) or vector(0)) == 0')).toEqual([
      'max(a)',
      'sum(increase(b[10m]))',
    ]);
    expect(operandsOf('absent(a)')).toEqual(['a']);
    expect(operandsOf('a / b > 0.2 and sum by (c) (d) > 10')).toEqual(['a / b', 'sum by (c) (d)']);
  });
});

describe('the dashboard', () => {
  const panels = dashboard.panels;

  it('asks whichever Prometheus is chosen', () => {
    for (const { title, type, datasource, targets } of panels) {
      const isRow = type === 'row';
      expect([title, datasource?.uid]).toEqual([title, isRow ? undefined : '${datasource}']);
      expect([title, targets.length > 0]).toEqual([title, !isRow]);
    }
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'template']);
  });

  it('has no two panels of one id, title or place', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    for (const list of [panels.map(({ id }) => id), panels.map(({ title }) => title), cells]) {
      expect(list.length).toBe(new Set<string | number>(list).size);
    }
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });
});
