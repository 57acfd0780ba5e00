import { randomBytes } from 'node:crypto';
import type { Handlers } from '../contract/methods';
import type { Settings } from '../contract/settings';
import { summarize } from '../core/engine/run-state';
import { Failure } from '../core/failure';
import { benchHandlers } from './bench/handlers';
import type { Inside } from './inside';
import { bashScript } from './export-bash';
import { wordsOf } from './words-of';

const done = {};

/** What the app answers to each method; parameters are checked by then. */
export function makeHandlers(app: Inside): Handlers {
  const { state } = app;
  const started = (work: Promise<unknown>) => {
    // How it goes is told by the state.
    app.started(work);
    return Promise.resolve(done);
  };
  return {
    'app.snapshot': () => Promise.resolve(state.snapshot()),
    'settings.set': async (patch) => {
      const settings = { ...state.get('settings'), ...patch } as Settings;
      await app.settings.write(settings);
      state.set('settings', settings);
      return done;
    },
    'link.open': async ({ link }) => {
      await app.host.openLink(link);
      return done;
    },

    'discovery.start': () => started(app.machines.search()),
    'discovery.stop': () => {
      app.machines.stop();
      return Promise.resolve(done);
    },
    'pair.choose': async ({ nodes }) => {
      app.desk.refuse();
      const addresses = await app.machines.resolve(nodes);
      await app.leavePair();
      await app.connection.choose(app.engine, addresses, false);
      return started(app.connection.connect());
    },
    'pair.connect': () => started(app.connection.connect()),
    'pair.disconnect': async () => {
      app.desk.refuse();
      await app.connection.disconnect();
      return done;
    },
    'pair.forget': async () => {
      app.desk.refuse();
      await app.leavePair();
      return done;
    },
    'facts.read': async () => {
      await app.connection.readFacts();
      return done;
    },
    'prompt.answer': ({ id, answer }) => {
      app.prompts.answer(id, answer);
      return Promise.resolve(done);
    },
    'secrets.forget': async () => {
      await app.host.vault?.clear();
      return done;
    },

    'practice.start': async () => {
      app.desk.refuse();
      await app.leavePair();
      const { nodes, engine } = await app.practice.start();
      await app.connection.choose(engine, nodes, true);
      return started(app.connection.connect());
    },
    'practice.fault': ({ fault, on }) => {
      app.practice.setFault(fault, on);
      return Promise.resolve(done);
    },
    'practice.stop': async () => {
      app.desk.refuse();
      await app.leavePair();
      return done;
    },

    'playbook.open': async ({ playbook }) => {
      await app.book.open(playbook);
      return done;
    },
    'playbook.close': async () => {
      app.desk.refuse();
      await app.book.close();
      return done;
    },
    'playbook.set-input': async ({ key, value }) => {
      await app.book.setInput(key, value);
      return done;
    },
    'playbook.plan': async () => {
      await app.book.plan();
      return done;
    },
    'playbook.apply': async ({ hash, until }) => {
      await app.book.apply(hash, until);
      return done;
    },
    'playbook.verify': async () => {
      await app.book.verify();
      return done;
    },
    'plan.script': async ({ hash }) => {
      const { plan } = app.book.prepared(hash);
      return { script: bashScript(plan, await wordsOf(state), () => randomBytes(8).toString('hex')) };
    },
    'work.cancel': () => {
      app.book.requestCancel();
      return Promise.resolve(done);
    },

    'rollback.preview': ({ scope }) => app.rollback.preview(scope),
    'rollback.start': async ({ token }) => {
      await app.rollback.start(token);
      return done;
    },
    'run.continue': async ({ run }) => {
      await app.book.continueRun(run);
      return done;
    },
    'run.show': async ({ run }) => {
      const engine = app.connection.engine ?? app.engine;
      // A run is named by what was listed, not by what a file may be called.
      if (!state.get('runs').some((listed) => listed.run === run)) throw new Failure('UNKNOWN_RUN', { run });
      return summarize(await engine.runs.state(run));
    },
    'log.read': ({ from, count }) => Promise.resolve({ lines: app.log.read(from, count) }),

    ...benchHandlers(app),

    'terminal.open': ({ target, ...size }) => Promise.resolve({ terminal: app.terminals.open(target, size) }),
    'terminal.write': ({ id, data }) => {
      app.terminals.write(id, data);
      return Promise.resolve(done);
    },
    'terminal.resize': ({ id, ...size }) => {
      app.terminals.resize(id, size);
      return Promise.resolve(done);
    },
    'terminal.acknowledge': ({ id, characters }) => {
      app.terminals.ack(id, characters);
      return Promise.resolve(done);
    },
    'terminal.reopen': ({ id, ...size }) => {
      app.terminals.reopen(id, size);
      return Promise.resolve(done);
    },
    'terminal.close': ({ id }) => {
      app.terminals.close(id);
      return Promise.resolve(done);
    },
  };
}
