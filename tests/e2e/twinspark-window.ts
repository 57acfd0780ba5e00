import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from '../../src-main/words/words';

type Params = Readonly<Record<string, string | number>>;

/** How long a stage may take where two more tests keep the machine busy, ms. */
export const longMs = 60_000;

/** The window as a person uses it: every control is found by its role and the words on it. */
export class TwinsparkWindow {
  constructor(
    readonly page: Page,
    readonly words: Words,
  ) {}

  say(code: string, params?: Params): string {
    return this.words.say(code, params);
  }

  button(code: string, params?: Params): Locator {
    return this.page.getByRole('button', { name: this.say(code, params), exact: true });
  }

  heading(code: string, params?: Params): Locator {
    return this.page.getByRole('heading', { name: this.say(code, params), exact: true });
  }

  /** A view's button at the left edge. */
  view(name: 'nodes' | 'playbooks' | 'checklist' | 'benchmarks' | 'runs' | 'report' | 'settings'): Locator {
    return this.page.getByRole('navigation').getByRole('button', {
      name: this.say(`window.shell.view.${name}`),
      exact: true,
    });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The rows of the checklist, in order. */
  get stages(): Locator {
    return this.page
      .getByRole('list', { name: this.say('window.playbook.checklist', { playbook: this.playbook }) })
      .locator('button.row');
  }

  /** The row of one stage, by its id. */
  stage(id: string): Locator {
    return this.stages.filter({ hasText: this.words.stage('connect-two-sparks', id) });
  }

  /** What the line beside the one next thing to do says. */
  get said(): Locator {
    return this.page.locator('p.said');
  }

  get playbook(): string {
    return this.say('connect.title');
  }

  /** Comes in, with the practice pair or without. */
  async enter(address: string): Promise<void> {
    await this.page.goto(address);
    await expect(this.view('settings')).toBeVisible({ timeout: longMs });
  }

  async openPlaybook(): Promise<void> {
    await expect(this.heading('window.nodes.pair.connected.title')).toBeVisible({ timeout: longMs });
    await this.button('window.nodes.to-playbooks').click();
    await this.button('window.playbook.choose.open').first().click();
  }

  /** The button that carries out the plan, once there is one. */
  get apply(): Locator {
    // The button says how many changes it makes; nobody knows the number before.
    const texts = Array.from({ length: 60 }, (_, index) =>
      this.say('window.plan.apply', { count: index + 1 }),
    );
    return this.page.getByRole('button', { name: new RegExp(`^(${texts.join('|')})$`) });
  }

  /** The number of changes on the button that carries out the plan. */
  async planned(): Promise<number> {
    await expect(this.apply).toBeEnabled({ timeout: longMs });
    return Number(/\d+/.exec((await this.apply.textContent()) ?? '')?.[0]);
  }

  async expectVerified(changes: number): Promise<void> {
    await expect(this.said).toHaveText(this.say('window.plan.said.done', { count: changes }), {
      timeout: longMs,
    });
  }

  /** Two clicks: the question with its list, and the answer. */
  async rollBack(changes: number): Promise<void> {
    await this.button('window.playbook.roll-back-all').click();
    await expect(this.dialog.getByRole('heading').first()).toHaveText(
      this.say('window.rollback.title.everything'),
    );
    await this.button('window.rollback.confirm', { count: changes }).click();
    await this.expectRolledBack(changes);
  }

  async expectRolledBack(changes: number): Promise<void> {
    const whole = this.say('window.rollback.result.whole', { count: changes });
    await expect(this.page.getByRole('heading', { name: whole, exact: true })).toBeVisible({
      timeout: longMs,
    });
  }
}
