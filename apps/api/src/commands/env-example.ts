import { environmentExample } from '#platform';
import { environmentSlices } from '../config.ts';

process.stdout.write(environmentExample(environmentSlices));
