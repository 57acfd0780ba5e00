import type { ChartClass } from './chart-parts';

let loading: Promise<ChartClass> | undefined;

/** Chart.js, in a file of its own that is loaded when the first graph is shown. A load that has failed is tried again. */
export function loadChart(): Promise<ChartClass> {
  loading ??= import('./chart-parts').then(
    ({ Chart }) => Chart,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
