import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { Clock } from '../clock.ts';
import { AddressLimitGuard, PersonLimitGuard, standardLimits } from './rate-limit.guards.ts';
import { Redis } from '../redis/redis.ts';
import { RedisWindowStorage } from './redis-window-storage.ts';
import { WindowStorage } from './window-storage.ts';

@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Clock, Redis],
      useFactory: (clock: Clock, redis: Redis | null) => ({
        throttlers: Object.values(standardLimits),
        storage: redis ? new RedisWindowStorage(redis, new WindowStorage(clock)) : new WindowStorage(clock),
        setHeaders: false,
      }),
    }),
  ],
  providers: [AddressLimitGuard, PersonLimitGuard],
  exports: [AddressLimitGuard, PersonLimitGuard],
})
export class RateLimitsModule {}
