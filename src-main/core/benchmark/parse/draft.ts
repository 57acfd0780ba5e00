import type {
  BenchParameters,
  BenchPoint,
  BenchResult,
  BenchSeries,
  BenchSummary,
  BenchTool,
} from '../../../contract/benchmark';
import { message, type Message } from '../../../contract/message';
import { printable } from '../../probe/parsed';

/** More points than any tool prints in days; what follows is not kept. */
const POINT_LIMIT = 200_000;

/** A point and the series that it went to. */
export interface Added {
  readonly series: string;
  readonly point: BenchPoint;
}

type SeriesHead = Omit<BenchSeries, 'points'>;

/** A result while it is being read. */
export class Draft {
  /** Something was read that only this tool prints. */
  recognised = false;
  status: BenchResult['status'] = 'running';
  error: string | null = null;
  readonly summary: BenchSummary = {};
  readonly parameters: BenchParameters = {
    operation: null,
    direction: null,
    streams: null,
    devices: [],
    transport: null,
    mtu: null,
    memory: null,
    ranks: null,
    peer: null,
    version: null,
    backend: null,
  };
  readonly #series = new Map<string, BenchSeries>();
  readonly #warnings = new Map<string, Message>();
  #points = 0;
  #added: Added[] = [];

  constructor(readonly tool: BenchTool) {}

  get points(): number {
    return this.#points;
  }

  add(head: SeriesHead, point: BenchPoint): void {
    this.recognised = true;
    if (this.status === 'waiting') this.status = 'running';
    if (this.#points >= POINT_LIMIT) {
      this.warn('bench.warning.too-many', { limit: POINT_LIMIT });
      return;
    }
    this.#points++;
    let series = this.#series.get(head.id);
    if (series === undefined) this.#series.set(head.id, (series = { ...head, points: [] }));
    series.points.push(point);
    this.#added.push({ series: head.id, point });
  }

  /** Gives a series the name that it should have had, when that turns out later. */
  rename(id: string, head: SeriesHead): void {
    const series = this.#series.get(id);
    if (series === undefined || this.#series.has(head.id)) return;
    this.#series.delete(id);
    this.#series.set(head.id, { ...head, points: series.points });
  }

  series(id: string): BenchSeries | undefined {
    return this.#series.get(id);
  }

  /** Once by code. */
  warn(code: string, params: Message['params'] = {}): void {
    this.#warnings.set(code, message(code, params));
  }

  device(name: string): void {
    if (!this.parameters.devices.includes(name) && this.parameters.devices.length < 16)
      this.parameters.devices.push(name);
  }

  /** The tool says that it failed; the first reason counts. */
  fail(said: string): void {
    this.recognised = true;
    this.error ??= printable(said, 300);
    this.status = 'failed';
  }

  /** What was added since the last call. */
  takeAdded(): Added[] {
    const added = this.#added;
    if (added.length > 0) this.#added = [];
    return added;
  }

  /** A copy, so that what is shown does not change under the reader's hand. */
  result(): BenchResult {
    return {
      tool: this.tool,
      status: this.status,
      parameters: { ...this.parameters, devices: [...this.parameters.devices] },
      series: [...this.#series.values()].map((one) => ({ ...one, points: [...one.points] })),
      summary: { ...this.summary },
      warnings: [...this.#warnings.values()],
      error: this.error,
    };
  }
}
