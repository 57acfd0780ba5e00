import type { Plugin } from 'chart.js';
import type { Colours } from './colours';
import type { Graph } from './graph';

/** Of a lane's height what is kept free above its axis, for its name. */
export const HEADROOM = 0.3;

/** The name of each lane, at its upper left end: an axis so short has no room for a title beside it. */
export function lanePlugin({ lanes, y }: Graph, { text, font }: Colours): Plugin<'line'> {
  return {
    id: 'lanes',
    afterDatasetsDraw: ({ ctx, scales }) => {
      if (lanes.length < 2) return;
      ctx.save();
      ctx.font = `600 12px ${font}`;
      ctx.fillStyle = text;
      ctx.textBaseline = 'top';
      for (const [index, { title }] of lanes.entries()) {
        const scale = scales[`y${index}`];
        if (scale) ctx.fillText(`${title} · ${y.unit}`, scale.right + 8, scale.top + 8);
      }
      ctx.restore();
    },
  };
}
