import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { SealedSecrets } from '../sealed-secrets.js';
import { AccessTokens } from './access-tokens.js';
import { AccountStore } from './account.store.js';
import { EmailVerificationStore, PasswordResetStore } from './mailed-token.store.js';
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
import { EndSessionController } from './end-session/end-session.controller.js';
import { EndSessionHandler } from './end-session/end-session.js';
import { ForgetEnded } from './forget-ended/forget-ended.js';
import { ListSessionsController } from './list-sessions/list-sessions.controller.js';
import { ListSessionsHandler } from './list-sessions/list-sessions.js';
import { SignOutEverywhereController } from './sign-out-everywhere/sign-out-everywhere.controller.js';
import { SignOutEverywhereHandler } from './sign-out-everywhere/sign-out-everywhere.js';
import { AccountNotices } from './account-notices.js';
import { ChangePasswordController } from './change-password/change-password.controller.js';
import { ChangePasswordHandler } from './change-password/change-password.js';
import { ForgotPasswordController } from './forgot-password/forgot-password.controller.js';
import { ForgotPasswordHandler } from './forgot-password/forgot-password.js';
import { KnownNetworkStore } from './known-network.store.js';
import { PasswordConfirmation } from './password-confirmation.js';
import { ResetPasswordController } from './reset-password/reset-password.controller.js';
import { ResetPasswordHandler } from './reset-password/reset-password.js';
import { AddSecondFactorController } from './add-second-factor/add-second-factor.controller.js';
import { AddSecondFactorHandler } from './add-second-factor/add-second-factor.js';
import { ConfirmSecondFactorController } from './confirm-second-factor/confirm-second-factor.controller.js';
import { ConfirmSecondFactorHandler } from './confirm-second-factor/confirm-second-factor.js';
import { RemoveSecondFactorController } from './remove-second-factor/remove-second-factor.controller.js';
import { RemoveSecondFactorHandler } from './remove-second-factor/remove-second-factor.js';
import { SecondFactorStore } from './second-factor/second-factor.store.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { LinkIdentityController } from './link-identity/link-identity.controller.js';
import { LinkIdentityHandler } from './link-identity/link-identity.js';
import { ListIdentitiesController } from './list-identities/list-identities.controller.js';
import { ListIdentitiesHandler } from './list-identities/list-identities.js';
import { UnlinkIdentityController } from './unlink-identity/unlink-identity.controller.js';
import { UnlinkIdentityHandler } from './unlink-identity/unlink-identity.js';
import { ProvenChanges } from './proven-changes.js';
import { ExternalIdentityStore } from './external-identity.store.js';
import { ResolveExternalIdentityController } from './resolve-external-identity/resolve-external-identity.controller.js';
import { ResolveExternalIdentityHandler } from './resolve-external-identity/resolve-external-identity.js';

/** Accounts and sessions of persons. */
@Module({
  controllers: [
    SignUpController,
    SignInController,
    IssueTokenController,
    RefreshSessionController,
    SignOutController,
    SignOutEverywhereController,
    ListSessionsController,
    EndSessionController,
    ChangePasswordController,
    ForgotPasswordController,
    ResetPasswordController,
    AddSecondFactorController,
    ConfirmSecondFactorController,
    RemoveSecondFactorController,
    VerifyEmailController,
    ResendVerificationController,
    GetProfileController,
    UpdateProfileController,
    PublishKeysController,
    RevokedSessionsController,
    ResolveExternalIdentityController,
    LinkIdentityController,
    ListIdentitiesController,
    UnlinkIdentityController,
  ],
  providers: [
    SignUpHandler,
    SignInHandler,
    RefreshSessionHandler,
    SignOutHandler,
    SignOutEverywhereHandler,
    ListSessionsHandler,
    EndSessionHandler,
    ChangePasswordHandler,
    ForgotPasswordHandler,
    ResetPasswordHandler,
    AddSecondFactorHandler,
    ConfirmSecondFactorHandler,
    RemoveSecondFactorHandler,
    SecondFactorStore,
    SecondFactors,
    {
      provide: SealedSecrets,
      inject: [CONFIG],
      useFactory: ({ accountSecretsKey }: Config) => new SealedSecrets(accountSecretsKey, 'secrets of accounts'),
    },
    PasswordConfirmation,
    AccountNotices,
    KnownNetworkStore,
    PasswordResetStore,
    ForgetEnded,
    VerifyEmailHandler,
    ResendVerificationHandler,
    GetProfileHandler,
    UpdateProfileHandler,
    RevokedSessionsHandler,
    ResolveExternalIdentityHandler,
    LinkIdentityHandler,
    ListIdentitiesHandler,
    UnlinkIdentityHandler,
    ProvenChanges,
    ExternalIdentityStore,
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
  exports: [SessionCookies, SignInFailureStore],
})
export class IdentityModule {}

export { SessionCookies } from './session-cookies.js';
export { KnownNetworkStore } from './known-network.store.js';
export { SignInFailureStore } from './sign-in-failure.store.js';
