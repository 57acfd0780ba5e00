/** The contract as the window sees it: everything else of `src-main` is out of reach. */
export { CallFailure, parseSlice, type Push } from '../../src-main/contract/wire';
export { limits } from '../../src-main/contract/limits';
export type { MethodName } from '../../src-main/contract/method-names';
export type {
  Client,
  LinkName,
  Methods,
  NodeChoice,
  Params,
  Result,
  RollbackScope,
} from '../../src-main/contract/methods';
export type { AppInfo, SliceName, Slices, Snapshot } from '../../src-main/contract/slices';
export type {
  Account,
  CxPort,
  Fact,
  FileState,
  Half,
  NetAddress,
  NetLink,
  NodeFacts,
  Unknown,
  UnknownReason,
} from '../../src-main/contract/facts';
export type { FailureCode, FailureInfo } from '../../src-main/contract/failure';
export { foldHelpers, type ScriptLine } from '../../src-main/contract/helpers-mark';
export type { Message } from '../../src-main/contract/message';
export type { Candidate, NodeCard, NodeId, Prompt } from '../../src-main/contract/state-nodes';
export { nodeIds } from '../../src-main/contract/state-nodes';
export { defaultSettings, type Settings } from '../../src-main/contract/settings';
export type { Blocker, PlannedChange, PlannedCommand, PlannedStage } from '../../src-main/contract/plan';
export type {
  ChangeSummary,
  RunListed,
  RunOutcome,
  RunSummary,
  StageStatus,
} from '../../src-main/contract/run';
export type {
  LogLine,
  PlanView,
  StageView,
  TerminalView,
  Work,
  WorkResult,
} from '../../src-main/contract/state-work';
export {
  benchHalvesSchema,
  benchRequestSchema,
  runnableTools,
  type BenchHalves,
  type BenchRequest,
  type BenchRequestInput,
  type RunnableTool,
} from '../../src-main/contract/bench-request';
export type {
  BenchConditions,
  BenchListed,
  BenchPart,
  BenchRecord,
  BenchRunning,
  BenchStanding,
  Suite,
  SuiteStep,
  TrafficRate,
  TrafficSample,
} from '../../src-main/contract/bench-record';
export {
  benchLevels,
  type Bandwidth,
  type BenchPoint,
  type BenchResult,
  type BenchSeries,
  type BenchTool,
  type BenchVerdict,
  type Latency,
  type LinkTraffic,
} from '../../src-main/contract/benchmark';
export {
  environmentPrograms,
  reportFormats,
  reportMasks,
  type EnvironmentProgram,
  type ReportFormat,
  type ReportMask,
} from '../../src-main/contract/report';
