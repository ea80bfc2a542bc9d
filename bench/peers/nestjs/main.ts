import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Args,
  Context,
  Field,
  GraphQLModule,
  ID,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { jwtVerify } from 'jose';
import { In, Repository } from 'typeorm';
import { ENTITIES, OPTIONS, SCOPE_RELATIONS } from '../apollo-type-graphql-typeorm/data-source';
import { ApiKeyEntity, MembershipEntity, ResourceEntity } from '../apollo-type-graphql-typeorm/entities';

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
  @ResolveField(() => Scope)
  scope(@Parent() key: ApiKeyEntity) {
    return key;
  }
}

@Resolver(() => Scope)
class ScopeFields {
  @ResolveField(() => ID, { nullable: true })
  organizationId(@Parent() key: ApiKeyEntity) {
    return idsAt(key, 0)[0] ?? null;
  }

  @ResolveField(() => [ID])
  accountIds(@Parent() key: ApiKeyEntity) {
    return idsAt(key, 1);
  }

  @ResolveField(() => [ID])
  widgetIds(@Parent() key: ApiKeyEntity) {
    return idsAt(key, 2);
  }

  @ResolveField(() => [ID])
  environmentIds(@Parent() key: ApiKeyEntity) {
    return idsAt(key, 3);
  }

  @ResolveField(() => Organization, { nullable: true })
  organization(@Parent() key: ApiKeyEntity) {
    return grantedAt(key, 0)[0] ?? null;
  }

  @ResolveField(() => [Account])
  accounts(@Parent() key: ApiKeyEntity) {
    return grantedAt(key, 1);
  }

  @ResolveField(() => [Widget])
  widgets(@Parent() key: ApiKeyEntity) {
    return grantedAt(key, 2);
  }

  @ResolveField(() => [Environment])
  environments(@Parent() key: ApiKeyEntity) {
    return grantedAt(key, 3);
  }
}

@Resolver(() => Account)
class AccountFields {
  @ResolveField(() => Organization)
  organization(@Parent() account: ResourceEntity) {
    return account.parent;
  }
}

@Resolver(() => Widget)
class WidgetFields {
  @ResolveField(() => Account)
  account(@Parent() widget: ResourceEntity) {
    return widget.parent;
  }
}

@Resolver(() => Environment)
class EnvironmentFields {
  @ResolveField(() => Widget)
  widget(@Parent() environment: ResourceEntity) {
    return environment.parent;
  }
}

@Injectable()
class ApiKeyService {
  constructor(
    @InjectRepository(ApiKeyEntity) private readonly apiKeys: Repository<ApiKeyEntity>,
    @InjectRepository(MembershipEntity) private readonly memberships: Repository<MembershipEntity>,
  ) {}

  async page(userId: string, first: number): Promise<ApiKeyConnection> {
    const memberships = await this.memberships.findBy({ userId, role: In(['OWNER', 'ADMIN']) });
    const keys = await this.apiKeys.find({
      where: { organizationId: In(memberships.map(({ organizationId }) => organizationId)) },
      relations: SCOPE_RELATIONS,
      order: { createdAt: 'DESC', id: 'DESC' },
      take: first + 1,
    });
    return { nodes: keys.slice(0, first), pageInfo: { hasNextPage: keys.length > first } };
  }
}

@Resolver()
class ApiKeyQueries {
  constructor(private readonly service: ApiKeyService) {}

  @Query(() => ApiKeyConnection)
  async apiKeys(@Args('first', { type: () => Int }) first: number, @Context('userId') userId: string) {
    return this.service.page(userId, first);
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot(OPTIONS),
    TypeOrmModule.forFeature(ENTITIES),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      context: async ({ req }: { req: { headers: Record<string, string | undefined> } }) => {
        const token = (req.headers.authorization ?? '').replace('Bearer ', '');
        const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'] });
        return { userId: payload.sub };
      },
    }),
  ],
  providers: [
    ApiKeyService,
    ApiKeyQueries,
    ApiKeyFields,
    ScopeFields,
    AccountFields,
    WidgetFields,
    EnvironmentFields,
  ],
})
class AppModule {}

async function main() {
  const app = await NestFactory.create(AppModule);
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

void main();
