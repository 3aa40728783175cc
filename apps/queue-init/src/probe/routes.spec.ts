import { TOPOLOGY } from '@askflash/messaging';
import { routesOf } from './routes';

/** Whether a topic exchange would route a key by a pattern. */
function matches(pattern: string, key: string): boolean {
  const expression = pattern
    .replaceAll('.', '\\.')
    .replaceAll('*', '[^.]+')
    .replace('\\.#', '(\\..+)?');
  return new RegExp(`^${expression}$`).test(key);
}

describe('routesOf', () => {
  const routes = routesOf(TOPOLOGY);

  it('has a way into every queue', () => {
    expect(new Set(routes.map(({ queue }) => queue))).toEqual(
      new Set(TOPOLOGY.queues.map(({ name }) => name)),
    );
  });

  it.each(routes.filter(({ exchange }) => exchange !== ''))(
    'probes $name with a key that takes this route and no other',
    ({ name, exchange, routingKey }) => {
      const taken = TOPOLOGY.bindings.filter(
        (binding) => binding.exchange === exchange && matches(binding.routingKey, routingKey),
      );
      expect(taken.map((binding) => binding.queue)).toHaveLength(1);
      expect(name).toContain(taken[0]?.queue);
    },
  );
});
