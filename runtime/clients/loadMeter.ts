import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

/** Latencies beyond this are recorded as this. */
const LONGEST_MICROSECONDS = 60_000_000;

/** What was measured in a window: plain data, so that it travels between processes. */
export interface LoadMeasurement {
  readonly seconds: number;
  readonly commands: number;
  /** A compressed HDR histogram of microseconds. */
  readonly latencies: string;
}

export interface LatencySummary {
  readonly p50Microseconds: number;
  readonly p99Microseconds: number;
  readonly maxMicroseconds: number;
}

/** Counts commands and their latencies, from {@link begin} to {@link end}. */
export class LoadMeter {
  #histogram: Histogram | undefined;
  #begun = 0;

  /** Forgets what warm-up recorded, and begins the window. */
  begin(): void {
    this.#histogram = createHistogram();
    this.#begun = performance.now();
  }

  /** A command was completed after so many milliseconds. */
  record(milliseconds: number): void {
    this.#histogram?.recordValue(Math.min(Math.max(1, Math.round(milliseconds * 1000)), LONGEST_MICROSECONDS));
  }

  /** Ends the window. @throws Error when none was begun. */
  end(): LoadMeasurement {
    const histogram = this.#histogram;
    if (histogram === undefined) throw new Error("The measurement was ended before it began.");
    this.#histogram = undefined;
    return {
      seconds: (performance.now() - this.#begun) / 1000,
      commands: histogram.totalCount,
      latencies: encodeIntoCompressedBase64(histogram),
    };
  }
}

/** What several client processes measured at the same time, as one. */
export function mergeMeasurements(parts: readonly LoadMeasurement[]): {
  readonly commands: number;
  readonly commandsPerSecond: number;
  readonly latency: LatencySummary;
} {
  const merged = createHistogram();
  for (const { latencies } of parts) merged.add(decodeFromCompressedBase64(latencies));
  return {
    commands: merged.totalCount,
    commandsPerSecond: parts.reduce((rate, { commands, seconds }) => rate + commands / seconds, 0),
    latency: {
      p50Microseconds: merged.getValueAtPercentile(50),
      p99Microseconds: merged.getValueAtPercentile(99),
      maxMicroseconds: merged.maxValue,
    },
  };
}

function createHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_MICROSECONDS,
    numberOfSignificantValueDigits: 3,
  });
}
