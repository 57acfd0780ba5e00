import {
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';

/** All of Chart.js that is used: what is not registered here is not in the bundle. */
Chart.register(Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip);

export { Chart };
export type ChartClass = typeof Chart;
