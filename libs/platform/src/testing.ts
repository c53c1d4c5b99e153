/** What tests of every lib need; the application never imports it. */
import { Clock } from './clock.ts';

export class FakeClock extends Clock {
  constructor(private time = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  override now(): Date {
    return this.time;
  }

  advanceSeconds(seconds: number): void {
    this.time = new Date(this.time.getTime() + seconds * 1000);
  }
}
