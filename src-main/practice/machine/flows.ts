import { cable, lanes, LONG_FRAMES, lossy, loopback, office, sharedHalf, tcpHalf, wobble } from './figures';
import type { Flow, FlowRequest, Host } from './host';

interface Moving extends FlowRequest {
  step: number;
  rate: number;
}

/** All transfers between the two machines: they share lanes and cables, and make the counters of their ports run. */
export class Flows {
  readonly #moving = new Set<Moving>();

  open(request: FlowRequest): Flow {
    const moving: Moving = { ...request, step: 0, rate: 0 };
    this.#moving.add(moving);
    this.review();
    return {
      get rate() {
        return moving.rate;
      },
      next: () => {
        moving.step++;
        this.review();
      },
      stop: () => {
        this.#set(moving, 0);
        this.#moving.delete(moving);
        this.review();
      },
    };
  }

  /** Gives every transfer its part of what the way carries now. */
  review(): void {
    const wishes = new Map([...this.#moving].map((one) => [one, wish(one)]));
    const loads = new Map<string, number>();
    for (const [one, wanted] of wishes)
      for (const { name } of this.#ways(one)) loads.set(name, (loads.get(name) ?? 0) + wanted);
    for (const [one, wanted] of wishes) {
      const parts = this.#ways(one).map(({ name, most }) => Math.min(1, most / (loads.get(name) ?? 1)));
      this.#set(one, wanted * Math.min(1, ...parts));
    }
  }

  #set(one: Moving, rate: number): void {
    const change = ((rate - one.rate) * 1e9) / 8;
    one.rate = rate;
    if (change === 0) return;
    one.from.machine.meters.change(one.from.port.name, one.medium, 'sent', change);
    one.to.machine.meters.change(one.to.port.name, one.medium, 'received', change);
  }

  /** What a transfer goes through, each with what it carries at most. */
  #ways({ from, to, medium }: Moving): { name: string; most: number }[] {
    const ends = [
      { ...from, way: 'out' },
      { ...to, way: 'in' },
    ];
    return ends.flatMap(({ machine, port, way }) => {
      if (port.kind === 'rj45') return [{ name: `${machine.name} office ${way}`, most: office }];
      if (port.cx === undefined) return [{ name: `${machine.name} loopback`, most: loopback }];
      const { half, port: socket } = port.cx;
      return [
        { name: `${machine.name} half ${half} ${way}`, most: this.#half(machine, half) },
        ...(medium === 'net'
          ? [
              {
                name: `${machine.name} half ${half} net ${way}`,
                most: machine.network.mtu(port) >= LONG_FRAMES ? tcpHalf.long : tcpHalf.usual,
              },
            ]
          : []),
        {
          name: `${machine.name} cable ${socket} ${way}`,
          most: machine.effects.slow ? cable.slow : cable.healthy,
        },
      ];
    });
  }

  #half(machine: Host, half: 'a' | 'b'): number {
    const sockets = new Set(
      [...this.#moving]
        .flatMap(({ from, to }) => [from, to])
        .filter((end) => end.machine === machine && end.port.cx?.half === half)
        .map(({ port }) => port.cx?.port),
    );
    const most = lanes[machine.effects.lanes];
    return sockets.size > 1 ? Math.min(most, sharedHalf) : most;
  }
}

function wish({ from, to, medium, wants, seed, step }: Moving): number {
  const { machine, port } = from;
  if (!machine.powered || !to.machine.powered) return 0;
  if (!machine.network.carrier(port) || !to.machine.network.carrier(to.port)) return 0;
  const most = medium === 'rdma' && port.kind === 'cx7' && machine.effects.lossy ? lossy.rdma : wants;
  return Math.min(wants, most) * wobble(seed, step);
}
