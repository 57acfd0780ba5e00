import { halves, type CableMap, type PortNumber } from '../../../state/cable';
import type { Half } from '../../../api/types';

/** Heights in px of what a machine is drawn with: cables are drawn to where these put the halves. */
export const sizes = { head: 40, rj45: 36, portHead: 30, tall: 68, short: 28, gap: 10 } as const;

export interface PortPlace {
  readonly port: PortNumber;
  /** From the top of the machine. */
  readonly top: number;
  /** Somebody has a signal there: its halves are told in full. */
  readonly full: boolean;
}

/** Where the ports of both machines are: the same on both, so that a straight cable is drawn straight. */
export function placePorts(map: CableMap): { places: readonly PortPlace[]; height: number } {
  let top: number = sizes.head + sizes.rj45;
  const places = ([0, 1] as const).map((port): PortPlace => {
    const full = map.nodes.some((ports) => ports !== null && halves.some((half) => ports[port][half]?.up));
    const place = { port, top, full };
    top += sizes.portHead + 2 * (full ? sizes.tall : sizes.short) + sizes.gap;
    return place;
  });
  return { places, height: top };
}

/** The middle of a half, from the top of the machine. */
export function middleOf(place: PortPlace, half: Half): number {
  const height = place.full ? sizes.tall : sizes.short;
  return place.top + sizes.portHead + height * (half === 'a' ? 0.5 : 1.5);
}

/** A lane from the left edge to the right one, and where on it something can be written. */
export function curve(
  width: number,
  from: number,
  to: number,
): { path: string; readonly at: (part: number) => { x: number; y: number } } {
  const middle = width / 2;
  return {
    path: `M0 ${from} C${middle} ${from} ${middle} ${to} ${width} ${to}`,
    at: (part) => {
      const rest = 1 - part;
      const [outer, inner] = [3 * rest * rest * part, 3 * rest * part * part];
      return {
        x: middle * (outer + inner) + width * part ** 3,
        y: from * (rest ** 3 + outer) + to * (inner + part ** 3),
      };
    },
  };
}
