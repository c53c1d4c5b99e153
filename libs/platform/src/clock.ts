import { Injectable } from '@nestjs/common';

/** The only source of "now", so that a test can hold it still. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

export const secondsAfter = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
export const minutesAfter = (time: Date, minutes: number): Date => secondsAfter(time, minutes * 60);
