import type { Contender } from './contender';
import type { LoadGenerator } from './load';
import type { Options, ScenarioName } from './options';
import type { World } from './world';

/** Measures something, in as many tables as it takes to say what came of it. */
export type Scenario = (world: World, generator: LoadGenerator, options: Options) => Promise<Table[]>;

/** Titles differ among all tables of a run, since what is compared over time is found by them. */
export type Table = ComparisonTable | FigureTable;

/** Contenders under one load each, side by side. */
export interface ComparisonTable {
  readonly kind: 'COMPARISON';
  readonly title: string;
  /** The name of the contender that can hardly be beaten; null: there is none. */
  readonly floor: string | null;
  readonly measurements: readonly Measurement[];
}

/** What is measured of a contender. Times are in milliseconds. */
export interface Figures {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly programMs: number;
  readonly databaseMs: number;
}

/** What was measured of a contender: the medians of its rounds, and the rounds, in the order in which they took place. */
export interface Measurement extends Figures {
  readonly contender: string;
  readonly start: Contender['start'];
  readonly answerBytes: number;
  readonly rounds: readonly Figures[];
}

/** Figures of whatever kind: each row has the same columns, and the first one says what the row is about. */
export interface FigureTable {
  readonly kind: 'FIGURES';
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export interface ScenarioResult {
  readonly name: ScenarioName;
  readonly tables: readonly Table[];
}
