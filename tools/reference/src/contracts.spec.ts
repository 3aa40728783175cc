import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { CONTRACTS, sampleFileOf } from '@askflash/contracts';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { allPages } from './pages/all';

const workspaceRoot = join(__dirname, '../../..');
const folder = join(workspaceRoot, 'docs/reference/contracts');

function readJson(...path: string[]) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

describe('docs/reference/contracts', () => {
  it('holds what is generated, and nothing that no contract has any more', () => {
    const generated = Object.keys(allPages(workspaceRoot)).filter((file) =>
      file.startsWith('contracts/'),
    );
    expect(readdirSync(folder).map((file) => `contracts/${file}`)).toEqual(generated.sort());
  });
});

describe('asyncapi.json', () => {
  const source = readFileSync(join(folder, 'asyncapi.json'), 'utf8');

  it('is a valid AsyncAPI document, for which nothing has to be fetched', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch');
    const { document, diagnostics } = await new Parser().parse(source);
    // Severities are 0 error, 1 warning, 2 information.
    expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    expect(fetched).not.toHaveBeenCalled();
    expect(source.match(/"\$ref": "(?!#)/)).toBeNull();
  });

  it('has every contract with its golden sample', () => {
    const { components } = JSON.parse(source);
    for (const { type } of CONTRACTS) {
      expect(components.messages[type].examples[0].payload).toEqual(sampleOf(type));
    }
  });
});

describe.each(CONTRACTS)('$type.schema.json', ({ type }) => {
  const ajv = addFormats(new Ajv2020({ allErrors: true }));
  const validate = ajv.compile(readJson(folder, `${type}.schema.json`));

  it('accepts the golden sample', () => {
    validate(sampleOf(type));
    expect(validate.errors).toBeNull();
  });

  it('rejects it without a required field, and with one that is unknown', () => {
    const sample = sampleOf(type);
    const { required } = readJson(folder, `${type}.schema.json`);
    expect(required.length).toBeGreaterThan(0);
    for (const name of required) {
      expect([name, validate({ ...sample, [name]: undefined })]).toEqual([name, false]);
    }
    expect(validate({ ...sample, extra: 1 })).toBe(false);
  });
});

function sampleOf(type: string) {
  return readJson(workspaceRoot, 'libs/contracts/src', sampleFileOf(type));
}
