import { SetMetadata } from '@nestjs/common';

export const WITHOUT_KEY = Symbol('WITHOUT_KEY');

/** For what a browser or a supervisor calls; everything else needs the secret key. */
export const WithoutKey = () => SetMetadata(WITHOUT_KEY, true);
