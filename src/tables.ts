import { MIGRATIONS } from '../migrations';
import { ApiKeyEntity } from './api-keys/api-key-entity';
import { ApiKeyGrantEntity } from './api-keys/api-key-grant-entity';
import { ApiKeySecretEntity } from './api-keys/secrets/api-key-secret-entity';
import { IdempotencyKeyEntity } from './api-keys/changing/idempotency-key-entity';
import { AuditEventEntity } from './audit/audit-event-entity';
import { MembershipEntity } from './auth/membership-entity';
import { MembershipGrantEntity } from './auth/membership-grant-entity';
import { ChangeFeedEntity } from './change-feed/change-feed-entity';
import { ChangeFeedHeadEntity } from './change-feed/change-feed-head-entity';
import { OrganizationPolicyEntity } from './policies/organization-policy-entity';
import { ResourceEntity } from './resources/resource-entity';
import { ApiKeyUsageEntity } from './verification/usage/api-key-usage-entity';
import { WebhookDeliveryEntity } from './webhooks/webhook-delivery-entity';
import { WebhookEndpointEntity } from './webhooks/webhook-endpoint-entity';

/** What the database holds: every table, and the migrations that bring them about. */
export const TABLES = {
  entities: [
    ResourceEntity,
    MembershipEntity,
    MembershipGrantEntity,
    ApiKeyEntity,
    ApiKeyGrantEntity,
    ApiKeySecretEntity,
    IdempotencyKeyEntity,
    OrganizationPolicyEntity,
    AuditEventEntity,
    ChangeFeedHeadEntity,
    ChangeFeedEntity,
    ApiKeyUsageEntity,
    WebhookEndpointEntity,
    WebhookDeliveryEntity,
  ],
  migrations: MIGRATIONS,
};
