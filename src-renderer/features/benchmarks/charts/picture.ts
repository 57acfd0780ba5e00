import { faint, type Colours } from './colours';
import type { Graph } from './graph';
import { legendOf } from './legend';
import { loadChart } from './load-chart';
import { dashes, pointStyles, plotConfig, type Drawing } from './plot-config';

const width = 960;
const height = 420;
const margin = 20;
/** Pixels of the picture for each CSS pixel. */
const ratio = 2;
const row = 20;

/** The graph as a PNG that stands alone: title, legend with the band, background; the same size wherever it is made. */
export async function pictureOf(drawing: Omit<Drawing, 'fixed'>, foot: string): Promise<Blob> {
  const { graph, colours } = drawing;
  const paper = document.createElement('canvas');
  const ctx = paper.getContext('2d');
  if (ctx === null) throw new Error('no canvas');
  const font = (size: number, weight = 400) => `${weight} ${size}px ${colours.font}`;
  ctx.font = font(17, 600);
  const title = wrapped(ctx, graph.title, width - 2 * margin);
  ctx.font = font(13);
  const legend = legendRows(ctx, graph);
  const head = margin + title.length * 24 + legend.length * row + 12;
  paper.width = width * ratio;
  paper.height = (head + height + row + margin) * ratio;
  ctx.scale(ratio, ratio);
  ctx.fillStyle = colours.ground;
  ctx.fillRect(0, 0, paper.width, paper.height);
  ctx.textBaseline = 'middle';
  ctx.fillStyle = colours.text;
  ctx.font = font(17, 600);
  title.forEach((line, index) => ctx.fillText(line, margin, margin + index * 24 + 10));
  ctx.font = font(13);
  legend.forEach((entries, index) => {
    const y = margin + title.length * 24 + index * row + 12;
    for (const { x, label, draw } of entries) {
      draw(ctx, x, y, colours);
      ctx.fillStyle = colours.dim;
      ctx.fillText(label, x + 36, y);
    }
  });
  ctx.drawImage(await drawn(drawing), margin, head, width - 2 * margin, height);
  ctx.font = font(12);
  ctx.fillStyle = colours.dim;
  ctx.fillText(foot, margin, head + height + row / 2 + 4);
  return new Promise((resolve, reject) => {
    paper.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/png');
  });
}

async function drawn(drawing: Omit<Drawing, 'fixed'>): Promise<HTMLCanvasElement> {
  const make = await loadChart();
  const canvas = document.createElement('canvas');
  canvas.width = width - 2 * margin;
  canvas.height = height;
  const chart = new make(canvas, plotConfig({ ...drawing, fixed: { ratio } }));
  // Destroying a chart resets its canvas: what was drawn is taken before.
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d')?.drawImage(canvas, 0, 0);
  chart.destroy();
  return copy;
}

interface Entry {
  readonly label: string;
  readonly x: number;
  readonly draw: (ctx: CanvasRenderingContext2D, x: number, y: number, colours: Colours) => void;
}

function legendRows(ctx: CanvasRenderingContext2D, graph: Graph): Entry[][] {
  const lines = legendOf(graph).map(({ label, look }) => ({ label, draw: sample(look) }));
  const all = [...lines, ...(graph.band === null ? [] : [{ label: graph.band.label, draw: bandSample }])];
  const rows: Entry[][] = [[]];
  let x = margin;
  for (const entry of all) {
    const wide = 36 + ctx.measureText(entry.label).width + 24;
    if (x + wide > width - margin && x > margin) {
      rows.push([]);
      x = margin;
    }
    rows.at(-1)?.push({ ...entry, x });
    x += wide;
  }
  return rows;
}

function sample(look: Graph['lines'][number]['look']): Entry['draw'] {
  return (ctx, x, y, colours) => {
    ctx.save();
    ctx.strokeStyle = colours.tones[look.tone];
    ctx.lineWidth = 2;
    if (look.loose !== true) {
      ctx.setLineDash(dashes[look.dash]);
      line(ctx, [x, y], [x + 28, y]);
      ctx.setLineDash([]);
    }
    ctx.fillStyle = look.dash === 'solid' ? colours.tones[look.tone] : colours.ground;
    mark(ctx, pointStyles[look.mark], x + 14, y);
    ctx.restore();
  };
}

function bandSample(ctx: CanvasRenderingContext2D, x: number, y: number, { ok }: Colours): void {
  ctx.fillStyle = faint(ok, 0.16);
  ctx.fillRect(x, y - 6, 28, 12);
  ctx.strokeStyle = faint(ok, 0.7);
  ctx.setLineDash([4, 4]);
  line(ctx, [x, y - 6], [x + 28, y - 6]);
  line(ctx, [x, y + 6], [x + 28, y + 6]);
  ctx.setLineDash([]);
}

function line(ctx: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

/** The shapes of Chart.js's points. */
function mark(
  ctx: CanvasRenderingContext2D,
  style: (typeof pointStyles)[keyof typeof pointStyles],
  x: number,
  y: number,
) {
  ctx.beginPath();
  switch (style) {
    case 'circle':
      ctx.arc(x, y, 4, 0, 2 * Math.PI);
      break;
    case 'rect':
      ctx.rect(x - 3.5, y - 3.5, 7, 7);
      break;
    case 'rectRot':
      polygon(ctx, [x, y - 5], [x + 5, y], [x, y + 5], [x - 5, y]);
      break;
    case 'triangle':
      polygon(ctx, [x, y - 4.5], [x + 4.5, y + 3.5], [x - 4.5, y + 3.5]);
      break;
    case 'crossRot':
      line(ctx, [x - 3.5, y - 3.5], [x + 3.5, y + 3.5]);
      line(ctx, [x + 3.5, y - 3.5], [x - 3.5, y + 3.5]);
      return;
    default:
      return;
  }
  ctx.fill();
  ctx.stroke();
}

function polygon(ctx: CanvasRenderingContext2D, ...corners: [number, number][]): void {
  for (const [index, corner] of corners.entries()) {
    if (index === 0) ctx.moveTo(...corner);
    else ctx.lineTo(...corner);
  }
  ctx.closePath();
}

/** Breaks a sentence into lines that fit; a word that is too long alone stays whole. */
function wrapped(ctx: CanvasRenderingContext2D, text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && ctx.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
