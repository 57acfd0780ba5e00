import { expect, type Locator } from '@playwright/test';
import { longMs, type TwinsparkWindow } from './twinspark-window';

export interface TypedNode {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The password for login and sudo. */
  readonly password: string;
  /** What `ssh-keygen -lf` would print on the node. */
  readonly hostKey: string;
}

/** How often the window asked what. */
export interface Asked {
  hostKey: number;
  login: number;
  sudo: number;
}

/** Types both nodes into the welcome view and asks to connect. */
export async function typeNodes(twinspark: TwinsparkWindow, nodes: readonly TypedNode[]): Promise<void> {
  for (const [index, { host, port, user }] of nodes.entries()) {
    const card = twinspark.page.getByRole('region', {
      name: twinspark.say(`window.nodes.place.node${String(index + 1)}`),
    });
    await card.getByLabel(twinspark.say('window.nodes.address')).fill(host);
    await card.getByLabel(twinspark.say('window.nodes.port')).fill(String(port));
    await card.getByLabel(twinspark.say('window.nodes.user')).fill(user);
  }
  await twinspark.button('window.nodes.connect-both').click();
}

/** Answers what the window asks, as a careful owner would, until `goal` is seen. */
export async function answerUntil(
  twinspark: TwinsparkWindow,
  goal: Locator,
  nodes: readonly TypedNode[],
): Promise<Asked> {
  const asked: Asked = { hostKey: 0, login: 0, sudo: 0 };
  const accept = twinspark.button('window.prompt.host-key.accept');
  const send = twinspark.button('window.prompt.secret.send');
  const dialog = twinspark.dialog.filter({ has: accept.or(send) });
  for (;;) {
    await expect(dialog.or(goal).first()).toBeVisible({ timeout: longMs });
    if (!(await dialog.isVisible())) return asked;
    const text = await dialog.innerText();
    const question = await dialog.elementHandle();
    if (text.includes(twinspark.say('window.prompt.host-key.accept'))) {
      asked.hostKey++;
      const node = nodeAsking(text, nodes);
      expect(node, text).toBeDefined();
      const shown = dialog.getByRole('group', {
        name: twinspark.say('window.prompt.host-key.fingerprint'),
      });
      await expect(shown).toHaveText(node!.hostKey);
      await accept.click();
    } else {
      const isSudo = text.includes(
        twinspark.say('window.prompt.secret.sudo-password.title', { node: '' }).trim(),
      );
      asked[isSudo ? 'sudo' : 'login']++;
      const node = nodeAsking(text, nodes);
      expect(node, text).toBeDefined();
      await dialog.getByRole('textbox').fill(node!.password);
      await send.click();
    }
    await question.waitForElementState('hidden');
  }
}

/** Nodes typed by hand go by their address; the second of two equal ones by `ADDRESS-2`. */
function nodeAsking(text: string, nodes: readonly TypedNode[]): TypedNode | undefined {
  const title = text.split('\n', 1).join('');
  const second = nodes[1];
  if (second && title.includes(`${second.host}-2`)) return second;
  return nodes.find(({ host }) => title.includes(host));
}
