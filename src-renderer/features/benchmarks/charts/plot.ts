import type { Chart, Point } from 'chart.js';
import { placesOf, type Graph } from './graph';
import type { ChartClass } from './chart-parts';
import { dataOf, laneOf, placeOn, plotConfig, xRange, yName, type Drawing } from './plot-config';

type Drawn = Chart<'line', Point[]>;

/** One canvas: draws a graph anew when its shape, colours or words change, and moves only its points otherwise. */
export class Plot {
  #chart: Drawn | null = null;
  #shape = '';
  #graph: Graph | null = null;
  /** The place that the keyboard stands at. */
  #at: number | null = null;

  constructor(
    private readonly make: ChartClass,
    private readonly canvas: HTMLCanvasElement,
  ) {}

  show(drawing: Drawing): void {
    const { graph, colours, words } = drawing;
    const shape = JSON.stringify([
      graph.x.kind,
      graph.x.title,
      graph.x.labels,
      graph.y,
      graph.band,
      graph.lanes.map(({ title }) => title),
      graph.lines.map(({ id, label, look, lane }) => [id, label, look, lane]),
      colours,
      words.locale,
    ]);
    this.#graph = graph;
    if (this.#chart !== null && shape === this.#shape) this.#move(this.#chart, graph);
    else {
      this.#chart?.destroy();
      this.#chart = new this.make(this.canvas, plotConfig(drawing));
    }
    this.#shape = shape;
    if (this.#at !== null) this.#point();
  }

  /** Steps to another place by keyboard. @returns the place stood at; null where there is none */
  step(key: string): number | null {
    const places = this.#graph === null ? [] : placesOf(this.#graph);
    const now = this.#at === null ? -1 : places.indexOf(this.#at);
    const last = places.length - 1;
    const to = {
      ArrowRight: Math.min(now + 1, last),
      ArrowLeft: now < 0 ? last : Math.max(now - 1, 0),
      Home: 0,
      End: last,
    }[key];
    if (to === undefined) return null;
    this.#at = places[to] ?? null;
    this.#point();
    return this.#at;
  }

  /** The keyboard has gone elsewhere. */
  leave(): void {
    this.#at = null;
    this.#point();
  }

  destroy(): void {
    this.#chart?.destroy();
    this.#chart = null;
  }

  #move(chart: Drawn, graph: Graph): void {
    for (const [index, line] of graph.lines.entries()) {
      const set = chart.data.datasets[index];
      if (set) set.data = dataOf(line, graph.x);
    }
    Object.assign(chart.options.scales?.['x'] ?? {}, xRange(graph));
    if (graph.y.log !== true) {
      for (const lane of graph.lanes.keys()) {
        Object.assign(chart.options.scales?.[yName(lane)] ?? {}, laneOf(graph, lane));
      }
    }
    chart.update('none');
  }

  #point(): void {
    const chart = this.#chart;
    const graph = this.#graph;
    if (chart === null || graph === null) return;
    const x = this.#at === null ? null : placeOn(graph.x, this.#at);
    const active = chart.data.datasets.flatMap(({ data }, datasetIndex) => {
      const index = data.findIndex((point) => point.x === x);
      return index < 0 ? [] : [{ datasetIndex, index }];
    });
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    chart.update('none');
  }
}
