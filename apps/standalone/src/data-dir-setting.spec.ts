import { expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { dataDirSetting } from './data-dir-setting.js';

it('a command that is proposed repeats the DATA_DIR that was given, as a shell takes it', () => {
  expect(dataDirSetting(resolve('.data'))).toBe('');
  expect(dataDirSetting(resolve('.data-2'))).toBe('DATA_DIR=.data-2 ');
  expect(dataDirSetting('/srv/data')).toBe('DATA_DIR=/srv/data ');
  expect(dataDirSetting("/srv/Bea's data")).toBe(`DATA_DIR='/srv/Bea'\\''s data' `);
});
