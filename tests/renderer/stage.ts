import { test as base, expect, type Page, type WebSocketRoute } from '@playwright/test';
import type { FailureInfo } from '../../src-main/contract/failure';
import type { MethodName } from '../../src-main/contract/method-names';
import { methods, type Params, type Result } from '../../src-main/contract/methods';
import { snapshotSchema, type SliceName, type Slices } from '../../src-main/contract/slices';
import type { LogLine } from '../../src-main/contract/state-work';
import { parseSlice, pushSchema, requestSchema } from '../../src-main/contract/wire';
import { baseState } from './fixtures/state';
import { serveWindow, type WindowServer } from './server';

type Script<Name extends MethodName> = (params: Params<Name>) => Result<Name> | { failure: FailureInfo };
type Question = { readonly [Name in MethodName]: { method: Name; params: Params<Name> } }[MethodName];

/**
 * Plays main for one window, so that every view can be seen in every state without an engine:
 *
 *     import { expect, test } from './stage';
 *     import { connected } from './fixtures/nodes';
 *     test('shows …', async ({ page, stage }) => {
 *       stage.answer('pair.connect', () => ({}));      // or ({ failure: { code, params } })
 *       await stage.open({ ...connected });            // any slices; the rest is an app that was just started
 *       await page.getByRole('button', { name: 'Connect' }).click();
 *       await stage.asked('pair.connect', {});         // waits for the question
 *       stage.push('pair', …);                         // a slice changes
 *     });
 *
 * All that main says here is checked against the contract. At the end the page must have logged no error and must not
 * have broken its content security policy. `looks.ts` takes pictures and asks axe.
 */
export class Stage {
  /** What the window has asked, in order; `app.snapshot` left out. */
  readonly questions: Question[] = [];
  readonly #scripts = new Map<MethodName, (params: never) => unknown>();
  #state: Slices = baseState;
  #log: LogLine[] = [];
  #seq = 0;
  #socket: WebSocketRoute | undefined;
  #reachable = true;

  constructor(
    private readonly page: Page,
    private readonly server: WindowServer,
  ) {}

  get state(): Slices {
    return this.#state;
  }

  /** Opens the window with these slices and waits until it is drawn. `log`: what `log.read` gives. */
  async open(slices: Partial<Slices> = {}, log: readonly LogLine[] = []): Promise<void> {
    await this.start(slices, log);
    await this.page.locator('nav').waitFor();
  }

  /** As {@link open}, without waiting for the window. */
  async start(slices: Partial<Slices> = {}, log: readonly LogLine[] = []): Promise<void> {
    this.#log = [...log];
    const first = log[0]?.number ?? 0;
    this.#state = { ...baseState, log: { first, next: first + log.length }, ...slices };
    snapshotSchema.parse({ seq: 0, state: this.#state });
    await this.page.routeWebSocket(/\/api$/, (socket) => {
      if (!this.#reachable) {
        void socket.close();
        return;
      }
      this.#socket = socket;
      socket.onMessage((text) => this.#receive(String(text)));
    });
    await this.page.goto(this.server.address);
  }

  /** How main answers from now on. A method without a script does nothing and succeeds. */
  answer<Name extends MethodName>(method: Name, script: Script<Name>): void {
    this.#scripts.set(method, script);
  }

  /** Waits until the window has asked this. */
  async asked<Name extends MethodName>(method: Name, params: Params<Name>): Promise<void> {
    await expect
      .poll(() => this.questions.filter((question) => question.method === method).at(-1)?.params)
      .toEqual(params);
  }

  /** A slice gets a new value. */
  push<Name extends SliceName>(slice: Name, value: Slices[Name]): void {
    parseSlice(slice, value);
    this.#state = { ...this.#state, [slice]: value };
    this.#send({ type: 'slice', seq: ++this.#seq, slice, value });
  }

  /** Several slices change, one after the other. */
  change(slices: Partial<Slices>): void {
    for (const name of Object.keys(slices) as SliceName[]) {
      const value = slices[name];
      if (value !== undefined) this.push(name, value);
    }
  }

  /** Lines are added to the log. */
  log(lines: readonly LogLine[]): void {
    this.#log.push(...lines);
    const first = this.#log[0]?.number ?? 0;
    this.#state = { ...this.#state, log: { first, next: first + this.#log.length } };
    this.#send({ type: 'log', seq: ++this.#seq, lines });
  }

  /** A terminal prints. */
  print(id: string, text: string): void {
    this.#send({ type: 'terminal', id, text });
  }

  /** Changes a slice without telling the window: the next push leaves a gap. */
  changeUntold<Name extends SliceName>(slice: Name, value: Slices[Name]): void {
    parseSlice(slice, value);
    this.#state = { ...this.#state, [slice]: value };
    this.#seq++;
  }

  /** The connection breaks, and cannot be opened again until {@link comeBack}. */
  async drop(): Promise<void> {
    this.#reachable = false;
    await this.#socket?.close();
    this.#socket = undefined;
  }

  comeBack(): void {
    this.#reachable = true;
  }

  #receive(text: string): void {
    const request = requestSchema.parse(JSON.parse(text));
    const method = request.method as MethodName;
    const params = methods[method].params.parse(request.params);
    if (method !== 'app.snapshot') this.questions.push({ method, params } as Question);
    const answer = this.#scripts.get(method)?.(params as never) ?? this.#usual(method, params);
    // A record has a member of that name too, among others.
    const failed = typeof answer === 'object' && answer !== null && Object.keys(answer).join() === 'failure';
    if (!failed) methods[method].result.parse(answer);
    this.#socket?.send(
      JSON.stringify({ type: 'answer', id: request.id, ...(failed ? answer : { result: answer }) }),
    );
  }

  #usual(method: MethodName, params: unknown): unknown {
    if (method === 'app.snapshot') return { seq: this.#seq, state: this.#state };
    if (method === 'log.read') {
      const { from, count } = methods['log.read'].params.parse(params);
      return { lines: this.#log.filter((line) => line.number >= from).slice(0, count) };
    }
    if (method === 'settings.set') {
      const changed = methods['settings.set'].params.parse(params);
      const given = Object.entries(changed).filter(([, value]) => value !== undefined);
      this.push('settings', { ...this.#state.settings, ...Object.fromEntries(given) });
    }
    return {};
  }

  #send(push: unknown): void {
    pushSchema.parse(push);
    this.#socket?.send(JSON.stringify(push));
  }
}

export const test = base.extend<{ stage: Stage; troubles: string[] }, { windowServer: WindowServer }>({
  windowServer: [
    async ({}, use) => {
      const server = await serveWindow();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  /** What the page has complained of; a test that expects some takes it out. */
  troubles: [
    async ({ page }, use) => {
      const troubles: string[] = [];
      page.on('console', (line) => {
        if (line.type() === 'error' || line.type() === 'warning') troubles.push(line.text());
      });
      page.on('pageerror', (error) => troubles.push(String(error)));
      await use(troubles);
      expect(troubles).toEqual([]);
    },
    { auto: true },
  ],
  stage: async ({ page, windowServer }, use) => {
    await use(new Stage(page, windowServer));
  },
});

export { expect } from '@playwright/test';
