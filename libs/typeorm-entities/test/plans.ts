import { z } from 'zod';

const planNode = z.object({
  'Node Type': z.string(),
  'Index Name': z.string().optional(),
  'Index Cond': z.string().optional(),
  'Join Filter': z.string().optional(),
  'Relation Name': z.string().optional(),
  get Plans() {
    return z.array(planNode).optional();
  },
});

/** A node of a plan, with those below it. */
export type PlanNode = z.output<typeof planNode>;

/** What `EXPLAIN (FORMAT JSON)` answers. */
export const explanation = z.tuple([
  z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: planNode })]) }),
]);

/** All nodes of a plan. */
export function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
