import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { AccessTokens } from './access-tokens.js';
import { AccountStore } from './account.store.js';
import { EmailVerificationStore } from './email-verification.store.js';
import { EmailVerifications } from './email-verifications.js';
import { GetProfileController } from './get-profile/get-profile.controller.js';
import { GetProfileHandler } from './get-profile/get-profile.js';
import { IssueTokenController } from './issue-token/issue-token.controller.js';
import { Passwords } from './passwords.js';
import { PublishKeysController } from './publish-keys/publish-keys.controller.js';
import { RefreshSessionController } from './refresh-session/refresh-session.controller.js';
import { RefreshSessionHandler } from './refresh-session/refresh-session.js';
import { ResendVerificationController } from './resend-verification/resend-verification.controller.js';
import { ResendVerificationHandler } from './resend-verification/resend-verification.js';
import { RevokedSessionsController } from './revoked-sessions/revoked-sessions.controller.js';
import { RevokedSessionsHandler } from './revoked-sessions/revoked-sessions.js';
import { SessionCookies } from './session-cookies.js';
import { SessionStore } from './session.store.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInHandler } from './sign-in/sign-in.js';
import { SignInFailureStore } from './sign-in-failure.store.js';
import { SignOutController } from './sign-out/sign-out.controller.js';
import { SignOutHandler } from './sign-out/sign-out.js';
import { SignUpController } from './sign-up/sign-up.controller.js';
import { SignUpHandler } from './sign-up/sign-up.js';
import { SignedInPersons } from './signed-in.js';
import { UpdateProfileController } from './update-profile/update-profile.controller.js';
import { UpdateProfileHandler } from './update-profile/update-profile.js';
import { VerifyEmailController } from './verify-email/verify-email.controller.js';
import { VerifyEmailHandler } from './verify-email/verify-email.js';

/** Accounts and sessions of persons. */
@Module({
  controllers: [
    SignUpController,
    SignInController,
    IssueTokenController,
    RefreshSessionController,
    SignOutController,
    VerifyEmailController,
    ResendVerificationController,
    GetProfileController,
    UpdateProfileController,
    PublishKeysController,
    RevokedSessionsController,
  ],
  providers: [
    SignUpHandler,
    SignInHandler,
    RefreshSessionHandler,
    SignOutHandler,
    VerifyEmailHandler,
    ResendVerificationHandler,
    GetProfileHandler,
    UpdateProfileHandler,
    RevokedSessionsHandler,
    AccountStore,
    EmailVerificationStore,
    EmailVerifications,
    SessionStore,
    SignInFailureStore,
    Passwords,
    SignedInPersons,
    SessionCookies,
    {
      provide: AccessTokens,
      inject: [CONFIG],
      useFactory: ({ accessTokenKey, publicUrl }: Config) => AccessTokens.from(accessTokenKey, publicUrl),
    },
  ],
})
export class IdentityModule {}
