import { expect } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import { LEVELS, depthOf, type Level } from '../../src/scopes';
import { ask } from './every-page';
import { command, one, pick, type Command, type RealKeys } from './key-life-step';

/** What can happen to the tree of the customer, at the hands of its owner. */
export const treeCommands: Arbitrary<Command>[] = [
  pick.map(addResource),
  pick.map(addResource),
  fc.tuple(pick, pick).map(moveResource),
  fc
    .tuple(pick, fc.constantFrom<Level>('ACCOUNT', 'WIDGET', 'ENVIRONMENT', 'ENVIRONMENT'))
    .map(deleteResource),
];

/** Makes a mutation of the tree of the customer, by its owner, and answers the id of the resource. */
async function changeTree({ program, as }: RealKeys, mutation: string, input: object): Promise<string> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation($input: ${type}!) { ${mutation}(input: $input) { resource { id } userErrors { message } } }`;
  const answers = await ask<Record<string, { resource?: { id: string } | null; userErrors: object[] }>>(
    program,
    as.owner,
    query,
    { input },
  );
  expect(answers[mutation]?.userErrors).toEqual([]);
  return answers[mutation]?.resource?.id ?? '';
}

function addResource(which: number): Command {
  return command('addResource', `${which}`, async (model, real) => {
    const parents = model
      .living(model.organizationOf('owner'))
      .filter(({ level }) => level !== 'ENVIRONMENT');
    const parent = one(parents, which);
    const level = parent && LEVELS[depthOf(parent.level) + 1];
    if (parent === undefined || level === undefined) return false;
    const id = await changeTree(real, 'createResource', { parentId: parent.id, name: 'Added' });
    model.addResource(level, id, parent.id);
    return true;
  });
}

function moveResource([which, where]: [number, number]): Command {
  return command('moveResource', `${which}, ${where}`, async (model, real) => {
    const own = model.living(model.organizationOf('owner'));
    const moved = one(
      own.filter(({ level }) => level === 'WIDGET' || level === 'ENVIRONMENT'),
      which,
    );
    if (moved === undefined) return false;
    const above = LEVELS[depthOf(moved.level) - 1];
    const parents = own.filter(({ level, id }) => level === above && id !== model.parentOf(moved.id));
    const parent = one(parents, where);
    if (parent === undefined) return false;
    await changeTree(real, 'moveResource', { id: moved.id, parentId: parent.id });
    model.move(moved.id, parent.id);
    return true;
  });
}

function deleteResource([which, level]: [number, Level]): Command {
  return command('deleteResource', `${which}, ${level}`, async (model, real) => {
    const deleted = one(model.living(model.organizationOf('owner'), level), which);
    if (deleted === undefined) return false;
    await changeTree(real, 'deleteResource', { id: deleted.id });
    model.delete(deleted.id);
    return true;
  });
}
