import { names } from '@nx/devkit';
import { refuse } from '../support/errors';

/** A contract under the names that its code has. */
export interface ContractNames {
  /** CloudEvents `type`: `task.archived.v2`. */
  readonly type: string;
  /** Routing key: the type without its version. */
  readonly routingKey: string;
  /** File without the extension: `task-archived-v2`. */
  readonly file: string;
  /** The contract: `TASK_ARCHIVED_V2`. */
  readonly constant: string;
  /** Its schema: `taskArchivedV2`. */
  readonly schema: string;
  /** Its payload's type: `TaskArchivedV2`. */
  readonly typeName: string;
}

/**
 * The first version of a message that is not there yet.
 *
 * @param name `task.archived`; a version at its end does not count
 * @param exists whether there is a message's file of that name
 * @throws {GeneratorRefusedError} where it is not two words or more, parted by dots
 */
export function newContract(name: string, exists: (file: string) => boolean): ContractNames {
  for (let version = 1; ; version += 1) {
    const contract = contractNames(name, version);
    if (!exists(contract.file)) return contract;
  }
}

/** @throws {GeneratorRefusedError} where the name is not two words or more, parted by dots */
export function contractNames(name: string, version: number): ContractNames {
  const routingKey = name.trim().replace(/\.v\d+$/, '');
  if (!/^[a-z]+(\.[a-z]+)+$/.test(routingKey)) {
    refuse(
      `'${name}' cannot be the name of a contract`,
      'Take two words or more in lower case, parted by dots, such as task.archived',
    );
  }
  const words = routingKey.replaceAll('.', '-');
  const file = version === 1 ? words : `${words}-v${version}`;
  const { constantName, propertyName, className } = names(file);
  return {
    type: `${routingKey}.v${version}`,
    routingKey,
    file,
    constant: constantName,
    schema: propertyName,
    typeName: className,
  };
}

/** The contract that a `type` names: `task.archived.v2`; without a version the first. */
export function contractOfType(type: string): ContractNames {
  return contractNames(type, Number(/\.v(\d+)$/.exec(type)?.[1] ?? 1));
}
