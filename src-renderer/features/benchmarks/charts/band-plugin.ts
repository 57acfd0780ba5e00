import type { Chart, ChartArea, Plugin } from 'chart.js';
import { faint, type Colours } from './colours';
import type { GraphBand } from './graph';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const HEIGHT = 18;

/** The healthy range: shaded under the lines, with its name where no line runs through it. */
export function bandPlugin(band: GraphBand | null, colours: Colours): Plugin<'line'> {
  return {
    id: 'band',
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const y = scales['y0'];
      if (band === null || y === undefined) return;
      const { top, bottom } = bandBox(band, chartArea, (value) => y.getPixelForValue(value));
      ctx.save();
      ctx.fillStyle = faint(colours.ok, 0.16);
      ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
      ctx.strokeStyle = faint(colours.ok, 0.7);
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      for (const edge of band.to === null ? [bottom] : [top, bottom]) {
        ctx.moveTo(chartArea.left, edge);
        ctx.lineTo(chartArea.right, edge);
      }
      ctx.stroke();
      ctx.restore();
    },
    afterDatasetsDraw: (chart) => {
      const { ctx, chartArea, scales } = chart;
      const y = scales['y0'];
      if (band === null || y === undefined) return;
      ctx.save();
      ctx.font = `600 12px ${colours.font}`;
      ctx.textBaseline = 'middle';
      const width = ctx.measureText(band.label).width + 12;
      const edges = bandBox(band, chartArea, (value) => y.getPixelForValue(value));
      const box = quietest(places(edges, chartArea, width), drawnPoints(chart));
      ctx.fillStyle = faint(colours.ground, 0.8);
      ctx.fillRect(box.x, box.y, box.width, box.height);
      ctx.fillStyle = colours.ok;
      ctx.fillText(band.label, box.x + 6, box.y + HEIGHT / 2 + 1);
      ctx.restore();
    },
  };
}

function bandBox(
  { from, to }: GraphBand,
  area: ChartArea,
  pixel: (value: number) => number,
): { top: number; bottom: number } {
  const inside = (at: number) => Math.min(area.bottom, Math.max(area.top, at));
  return { top: to === null ? area.top : inside(pixel(to)), bottom: inside(pixel(from)) };
}

/** Where the name may stand, the best place first: in the band, below it, above it; at the right and at the left. */
export function places(
  { top, bottom }: { top: number; bottom: number },
  area: ChartArea,
  width: number,
): Box[] {
  const rows = [
    ...(bottom - top >= HEIGHT ? [(top + bottom - HEIGHT) / 2] : []),
    ...(bottom + HEIGHT + 2 <= area.bottom ? [bottom + 2] : []),
    ...(top - HEIGHT - 2 >= area.top ? [top - HEIGHT - 2] : []),
  ];
  const columns = [area.left + 8, area.right - width - 8, (area.left + area.right - width) / 2];
  return (rows.length === 0 ? [area.top + 2] : rows).flatMap((y) =>
    columns.map((x) => ({ x, y, width, height: HEIGHT })),
  );
}

/** The box with the fewest points in it, the first of equals. */
export function quietest(boxes: readonly Box[], points: readonly { x: number; y: number }[]): Box {
  const crowd = (box: Box) =>
    points.filter(
      ({ x, y }) =>
        x >= box.x - 4 && x <= box.x + box.width + 4 && y >= box.y - 4 && y <= box.y + box.height + 4,
    ).length;
  return boxes.reduce((best, box) => (crowd(box) < crowd(best) ? box : best));
}

/** Points of all lines and between them, close enough that no line passes unseen through a label. */
function drawnPoints(chart: Chart<'line'>): { x: number; y: number }[] {
  return chart.getSortedVisibleDatasetMetas().flatMap(({ data }) =>
    data.flatMap((point, index) => {
      const next = data[index + 1] ?? point;
      const parts = Math.min(40, Math.ceil(Math.hypot(next.x - point.x, next.y - point.y) / 8) + 1);
      return Array.from({ length: parts }, (_, part) => ({
        x: point.x + ((next.x - point.x) * part) / parts,
        y: point.y + ((next.y - point.y) * part) / parts,
      }));
    }),
  );
}
