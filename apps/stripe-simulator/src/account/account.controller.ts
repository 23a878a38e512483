import { Controller, Get } from '@nestjs/common';
import { account, type AccountObject } from './account.js';

@Controller('v1/account')
export class AccountController {
  @Get()
  retrieve(): AccountObject {
    return account;
  }
}
