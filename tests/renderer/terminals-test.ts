import { test as base } from './stage';
import { Drawer, TerminalsDouble } from './terminals-double';

/** The stage, with main's side of the terminals played and the drawer at hand. */
export const test = base.extend<{ terminals: TerminalsDouble; drawer: Drawer }>({
  terminals: async ({ stage }, use) => use(new TerminalsDouble(stage)),
  // A drawer that is shown asks for terminals at once: somebody has to answer.
  drawer: async ({ page, terminals }, use) => use(new Drawer(page, terminals)),
});

export { expect } from './stage';
