export { audit, type AuditOptions, type Sources } from './audit.js';
export { runAuditCommand } from './command/command.js';
export { judgeCatalogue, type TenantTable } from './tenancy/catalogue.js';
