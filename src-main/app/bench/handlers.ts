import type { Handlers } from '../../contract/methods';
import type { NodeFacts } from '../../contract/facts';
import { environmentText } from '../../core/benchmark/environment-text';
import { benchLinks } from '../../core/benchmark/links';
import { pairSettings } from '../../core/benchmark/pair-settings';
import type { Pair } from '../../core/engine/playbook';
import { Failure } from '../../core/failure';
import { report } from '../../core/report/report';
import type { Inside } from '../inside';
import { wordsOf } from '../words-of';
import { reportInput } from './report-input';

const done = {};

type BenchHandlers = Pick<Handlers, Extract<keyof Handlers, `bench.${string}` | 'report.make'>>;

/** What the app answers to questions about measurements and the report. */
export function benchHandlers(app: Inside): BenchHandlers {
  const { state, measuring, history } = app;
  return {
    'bench.start': async ({ request }) => {
      measuring.start(request);
      return Promise.resolve(done);
    },
    'bench.prove': async () => {
      measuring.prove();
      return Promise.resolve(done);
    },
    'bench.cancel': () => {
      measuring.requestCancel();
      return Promise.resolve(done);
    },
    'bench.show': ({ id }) => history.read(id),
    'bench.remove': async ({ ids }) => {
      await history.remove(ids);
      measuring.forget(ids);
      return done;
    },
    'bench.environment': async ({ program }) => {
      const pair = state.get('pair');
      if (!pair) throw new Failure('NOT_CONNECTED');
      const facts = await factsOf(app);
      const names: Pair<string> = [pair.nodes[0].name, pair.nodes[1].name];
      const open = app.connection.pair;
      // Without a connection the indexes of the GIDs cannot be looked up, and NCCL looks for them itself.
      if (!open) return { text: environmentText(program, benchLinks(facts), names, { facts }) };
      const [text = ''] = await pairSettings([program], { sessions: open.sessions, facts, names });
      return { text };
    },
    'report.make': async (request) => {
      return { text: report(request, await reportInput(app), await wordsOf(state)) };
    },
  };
}

/** As they are shown; read when they have not been yet. @throws Failure NOT_CONNECTED */
async function factsOf({ state, connection }: Inside): Promise<Pair<NodeFacts>> {
  const { node1, node2 } = state.get('facts');
  return node1 && node2 ? [node1, node2] : connection.need().facts({ peers: false });
}
