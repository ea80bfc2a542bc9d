import type { Database } from '../database/database';
import type { Clock } from '../shared/clock';
import type { Logger } from '../shared/logger';
import { Recurring } from '../shared/recurring';
import {
  claim,
  findDue,
  writeResult,
  type ClaimedDelivery,
  type DeliveryResult,
  type DueDelivery,
} from './due-deliveries';
import { postWebhook, type Attempt, type PostSettings } from './post-webhook';
import { nextAttemptAfter } from './retry-schedule';

export interface WebhookSenderParts extends PostSettings {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The time between two looks for deliveries that are due; 0: it never looks by itself. */
  readonly pollMs: number;
}

/** How many deliveries are sent at once, and how many of them to the same endpoint: a slow one leaves room to others. */
const MAX_AT_ONCE = 64;
const MAX_PER_ENDPOINT = 8;

/** How long a claimed delivery is left alone. Much longer than an attempt, with its writes, can take. */
export const LEASE_MS = 60_000;

const GONE = 410;

/**
 * Sends what is in the outbox, at least once: an attempt whose result was not written, since the process was killed or
 * the database was away, is made again. Several senders share the work.
 */
export class WebhookSender {
  private readonly loop: Recurring;
  /** What is being sent, by the endpoint that it goes to. */
  private readonly underWay = new Map<Promise<void>, string>();
  private stopping = false;

  constructor(private readonly parts: WebhookSenderParts) {
    const { pollMs, logger } = parts;
    const run = async () => {
      await this.startDue();
    };
    this.loop = new Recurring({ name: 'webhook sender', everyMs: pollMs, logger, run });
  }

  start(): void {
    this.loop.start();
  }

  /** Claims nothing more, and finishes what is being sent. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.loop.stop();
    await this.settled();
  }

  /** Sends everything that is due, and waits until it has been tried. */
  async runOnce(): Promise<void> {
    for (;;) {
      const started = await this.startDue();
      await this.settled();
      if (started === 0) return;
    }
  }

  /** Starts to send what is due, as far as there is room, and returns how many it started. */
  private async startDue(): Promise<number> {
    const { database, clock } = this.parts;
    for (let started = 0; ;) {
      if (this.stopping || this.underWay.size >= MAX_AT_ONCE) return started;
      const due = await findDue(database, clock(), this.busyEndpoints(), MAX_AT_ONCE);
      const fitting = this.fitting(due);
      if (fitting.length === 0) return started;
      const claimed = await claim(database, fitting, clock(), LEASE_MS);
      if (claimed.length === 0) return started;
      for (const delivery of claimed) this.startSending(delivery);
      started += claimed.length;
    }
  }

  private busyEndpoints(): string[] {
    return [...this.countByEndpoint()]
      .filter(([, count]) => count >= MAX_PER_ENDPOINT)
      .map(([endpointId]) => endpointId);
  }

  /** Those that there is room for. */
  private fitting(due: readonly DueDelivery[]): DueDelivery[] {
    const counts = this.countByEndpoint();
    const fitting = due.filter(({ endpointId }) => {
      const count = (counts.get(endpointId) ?? 0) + 1;
      counts.set(endpointId, count);
      return count <= MAX_PER_ENDPOINT;
    });
    return fitting.slice(0, MAX_AT_ONCE - this.underWay.size);
  }

  private countByEndpoint(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const endpointId of this.underWay.values())
      counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1);
    return counts;
  }

  private startSending(delivery: ClaimedDelivery): void {
    const sent = this.send(delivery)
      .catch((error: unknown) => {
        const { id } = delivery;
        this.parts.logger.error(
          { err: error, deliveryId: id },
          'a delivery has no result, and will be sent again',
        );
      })
      .finally(() => {
        this.underWay.delete(sent);
        this.loop.wake();
      });
    this.underWay.set(sent, delivery.endpointId);
  }

  private async send(delivery: ClaimedDelivery): Promise<void> {
    const { database, clock, logger } = this.parts;
    const attempt = await postWebhook(delivery, clock(), this.parts);
    const result = resultOf(attempt, delivery, clock());
    await writeResult(database, delivery, result);
    if (result.status !== 'FAILED') return;
    logger.warn({ deliveryId: delivery.id, endpointId: delivery.endpointId }, 'a delivery was given up');
  }

  private async settled(): Promise<void> {
    await Promise.all(this.underWay.keys());
  }
}

function resultOf(
  { responseStatus, error }: Attempt,
  { attempt }: ClaimedDelivery,
  now: number,
): DeliveryResult {
  const told = { lastResponseStatus: responseStatus, lastError: error };
  if (error === null) return { ...told, status: 'DELIVERED', nextAttemptAt: now, deliveredAt: now };
  const next = responseStatus === GONE ? null : nextAttemptAfter(attempt, now);
  return {
    ...told,
    status: next === null ? 'FAILED' : 'PENDING',
    nextAttemptAt: next ?? now,
    deliveredAt: null,
  };
}
