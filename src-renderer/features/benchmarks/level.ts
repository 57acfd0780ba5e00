import type { BenchVerdict, SuiteStep } from '../../api/types';

type Level = BenchVerdict['level'];
/** The shapes that the window has for a state; see `ui/status-icon.svelte`. */
type Mark = 'open' | 'running' | 'ok' | 'warning' | 'failed' | 'skipped';

const levels: Readonly<Record<Level, Mark>> = {
  healthy: 'ok',
  suspicious: 'warning',
  bad: 'failed',
  unknown: 'open',
};

/** The shape of a verdict. */
export function levelMark(level: Level): Mark {
  return levels[level];
}

/** The shape of a step: its verdict once there is one. */
export function stepMark({ status, level }: Pick<SuiteStep, 'status' | 'level'>): Mark {
  switch (status) {
    case 'waiting':
      return 'open';
    case 'running':
      return 'running';
    case 'done':
      return levelMark(level ?? 'unknown');
    case 'failed':
      return 'failed';
    case 'skipped':
    case 'cancelled':
      return 'skipped';
  }
}
