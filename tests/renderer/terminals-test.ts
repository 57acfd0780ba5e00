import { test as base } from './stage';
import { Drawer, TerminalsDouble } from './terminals-double';

/** The stage, with main's side of the terminals played and the drawer at hand. */
export const test = base.extend<{ terminals: TerminalsDouble; drawer: Drawer }>({
  terminals: async ({ stage }, use) => use(new TerminalsDouble(stage)),
  drawer: async ({ page, terminals }, use) => {
    void terminals;
    await use(new Drawer(page));
  },
});

export { expect } from './stage';
