import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { Clock } from '../clock.ts';
import { AddressLimitGuard, PersonLimitGuard, standardLimits } from './rate-limit.guards.ts';
import { WindowStorage } from './window-storage.ts';

@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [Clock],
      useFactory: (clock: Clock) => ({
        throttlers: Object.values(standardLimits),
        storage: new WindowStorage(clock),
        setHeaders: false,
      }),
    }),
  ],
  providers: [AddressLimitGuard, PersonLimitGuard],
  exports: [AddressLimitGuard, PersonLimitGuard],
})
export class RateLimitsModule {}
