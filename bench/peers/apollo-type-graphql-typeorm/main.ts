import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { jwtVerify } from 'jose';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  buildSchema,
} from 'type-graphql';
import { DataSource, In } from 'typeorm';
import { OPTIONS, SCOPE_RELATIONS } from './data-source';
import { ApiKeyEntity, MembershipEntity, ResourceEntity } from './entities';

interface Context {
  userId: string;
}

const dataSource = new DataSource(OPTIONS);
const secret = new TextEncoder().encode(process.env.TOKEN_SECRET);

@ObjectType()
class Organization {
  @Field(() => ID)
  id: string;

  @Field()
  name: string;

  @Field()
  slug: string;

  @Field(() => GraphQLDateTimeISO)
  createdAt: number;

  @Field(() => GraphQLDateTimeISO)
  modifiedAt: number;
}

@ObjectType()
class Account {
  @Field(() => ID)
  id: string;

  @Field()
  name: string;

  @Field(() => GraphQLDateTimeISO)
  createdAt: number;

  @Field(() => GraphQLDateTimeISO)
  modifiedAt: number;
}

@ObjectType()
class Widget {
  @Field(() => ID)
  id: string;

  @Field()
  name: string;

  @Field(() => GraphQLDateTimeISO)
  createdAt: number;

  @Field(() => GraphQLDateTimeISO)
  modifiedAt: number;
}

@ObjectType()
class Environment {
  @Field(() => ID)
  id: string;

  @Field()
  name: string;

  @Field(() => GraphQLDateTimeISO)
  createdAt: number;

  @Field(() => GraphQLDateTimeISO)
  modifiedAt: number;
}

@ObjectType()
class Scope {}

@ObjectType()
class ApiKey {
  @Field(() => ID)
  id: string;

  @Field()
  name: string;

  @Field()
  description: string;

  @Field(() => GraphQLDateTimeISO)
  createdAt: number;

  @Field(() => GraphQLDateTimeISO)
  modifiedAt: number;

  @Field()
  creatorId: string;

  @Field()
  creatorEmail: string;

  @Field()
  modifiedBy: string;

  @Field(() => ID)
  organizationId: string;
}

@ObjectType()
class PageInfo {
  @Field()
  hasNextPage: boolean;
}

@ObjectType()
class ApiKeyConnection {
  @Field(() => [ApiKey])
  nodes: ApiKeyEntity[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}

const grantedAt = ({ grants }: ApiKeyEntity, level: number) =>
  grants.filter((grant) => grant.level === level).map(({ resource }) => resource);

const idsAt = (key: ApiKeyEntity, level: number) => grantedAt(key, level).map(({ id }) => id);

@Resolver(() => ApiKey)
class ApiKeyFields {
  @FieldResolver(() => Scope)
  scope(@Root() key: ApiKeyEntity) {
    return key;
  }
}

@Resolver(() => Scope)
class ScopeFields {
  @FieldResolver(() => ID, { nullable: true })
  organizationId(@Root() key: ApiKeyEntity) {
    return idsAt(key, 0)[0] ?? null;
  }

  @FieldResolver(() => [ID])
  accountIds(@Root() key: ApiKeyEntity) {
    return idsAt(key, 1);
  }

  @FieldResolver(() => [ID])
  widgetIds(@Root() key: ApiKeyEntity) {
    return idsAt(key, 2);
  }

  @FieldResolver(() => [ID])
  environmentIds(@Root() key: ApiKeyEntity) {
    return idsAt(key, 3);
  }

  @FieldResolver(() => Organization, { nullable: true })
  organization(@Root() key: ApiKeyEntity) {
    return grantedAt(key, 0)[0] ?? null;
  }

  @FieldResolver(() => [Account])
  accounts(@Root() key: ApiKeyEntity) {
    return grantedAt(key, 1);
  }

  @FieldResolver(() => [Widget])
  widgets(@Root() key: ApiKeyEntity) {
    return grantedAt(key, 2);
  }

  @FieldResolver(() => [Environment])
  environments(@Root() key: ApiKeyEntity) {
    return grantedAt(key, 3);
  }
}

@Resolver(() => Account)
class AccountFields {
  @FieldResolver(() => Organization)
  organization(@Root() account: ResourceEntity) {
    return account.parent;
  }
}

@Resolver(() => Widget)
class WidgetFields {
  @FieldResolver(() => Account)
  account(@Root() widget: ResourceEntity) {
    return widget.parent;
  }
}

@Resolver(() => Environment)
class EnvironmentFields {
  @FieldResolver(() => Widget)
  widget(@Root() environment: ResourceEntity) {
    return environment.parent;
  }
}

@Resolver()
class ApiKeyQueries {
  private readonly apiKeyRepository = dataSource.getRepository(ApiKeyEntity);
  private readonly membershipRepository = dataSource.getRepository(MembershipEntity);

  @Query(() => ApiKeyConnection)
  async apiKeys(
    @Arg('first', () => Int) first: number,
    @Ctx() { userId }: Context,
  ): Promise<ApiKeyConnection> {
    const memberships = await this.membershipRepository.findBy({ userId, role: In(['OWNER', 'ADMIN']) });
    const keys = await this.apiKeyRepository.find({
      where: { organizationId: In(memberships.map(({ organizationId }) => organizationId)) },
      relations: SCOPE_RELATIONS,
      order: { createdAt: 'DESC', id: 'DESC' },
      take: first + 1,
    });
    return { nodes: keys.slice(0, first), pageInfo: { hasNextPage: keys.length > first } };
  }
}

async function main() {
  await dataSource.initialize();
  const schema = await buildSchema({
    resolvers: [ApiKeyQueries, ApiKeyFields, ScopeFields, AccountFields, WidgetFields, EnvironmentFields],
  });
  const server = new ApolloServer<Context>({ schema });
  await startStandaloneServer(server, {
    listen: { port: Number(process.env.PORT), host: '127.0.0.1' },
    context: async ({ req }) => {
      const token = (req.headers.authorization ?? '').replace('Bearer ', '');
      const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'] });
      return { userId: payload.sub ?? '' };
    },
  });
}

void main();
