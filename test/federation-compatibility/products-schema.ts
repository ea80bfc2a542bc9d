import { Arg, Field, Float, ID, Int, ObjectType, Query, Resolver, buildSchemaSync } from 'type-graphql';
import { buildSubgraph, type Subgraph, type SubgraphParts } from '../../src/server/federation/build-subgraph';
import type { ResolveReference } from '../../src/server/federation/references';
import type { Reference } from '../../src/shared/reference';
import { DEPRECATED_PRODUCT, INVENTORY, PRODUCTS, RESEARCH, USER } from './products';

// The schema that the compatibility tests ask every library for, as type-graphql has it: none of these classes knows of
// federation, as none of ours does. Its descriptions say what the tests' own schema says: nothing.

@ObjectType()
class ProductVariation {
  @Field(() => ID)
  readonly id: string;
}

@ObjectType()
class ProductDimension {
  @Field(() => String, { nullable: true })
  readonly size: string | null;

  @Field(() => Float, { nullable: true })
  readonly weight: number | null;

  @Field(() => String, { nullable: true })
  readonly unit: string | null;
}

@ObjectType()
class CaseStudy {
  @Field(() => ID)
  readonly caseNumber: string;

  @Field(() => String, { nullable: true })
  readonly description: string | null;
}

@ObjectType()
class ProductResearch {
  @Field(() => CaseStudy)
  readonly study: CaseStudy;

  @Field(() => String, { nullable: true })
  readonly outcome: string | null;
}

@ObjectType()
class User {
  @Field(() => Int, { nullable: true })
  averageProductsCreatedPerYear(): number | null {
    const { totalProductsCreated: total, yearsOfEmployment: years } = this;
    return total === null ? null : Math.round(total / years);
  }

  @Field(() => ID)
  readonly email: string;

  @Field(() => String, { nullable: true })
  readonly name: string | null;

  @Field(() => Int, { nullable: true })
  readonly totalProductsCreated: number | null;

  @Field(() => Int)
  readonly yearsOfEmployment: number;
}

@ObjectType()
class DeprecatedProduct {
  @Field()
  readonly sku: string;

  @Field()
  readonly package: string;

  @Field(() => String, { nullable: true })
  readonly reason: string | null;

  @Field(() => User, { nullable: true })
  readonly createdBy: User | null;
}

@ObjectType()
class Product {
  @Field(() => ID)
  readonly id: string;

  @Field(() => String, { nullable: true })
  readonly sku: string | null;

  @Field(() => String, { nullable: true })
  readonly package: string | null;

  @Field(() => ProductVariation, { nullable: true })
  readonly variation: ProductVariation | null;

  @Field(() => ProductDimension, { nullable: true })
  readonly dimensions: ProductDimension | null;

  @Field(() => User, { nullable: true })
  readonly createdBy: User | null;

  @Field(() => String, { nullable: true })
  readonly notes: string | null;

  @Field(() => [ProductResearch])
  readonly research: readonly ProductResearch[];
}

@ObjectType()
class Inventory {
  @Field(() => ID)
  readonly id: string;

  @Field(() => [DeprecatedProduct])
  readonly deprecatedProducts: readonly DeprecatedProduct[];
}

@Resolver()
class ProductResolver {
  @Query(() => Product, { nullable: true })
  product(@Arg('id', () => ID) id: string): object | null {
    return PRODUCTS.find((product) => product.id === id) ?? null;
  }

  @Query(() => DeprecatedProduct, { nullable: true, deprecationReason: 'Use product query instead' })
  deprecatedProduct(@Arg('sku') sku: string, @Arg('package') name: string): object | null {
    return isOf({ sku, package: name }, DEPRECATED_PRODUCT) ? DEPRECATED_PRODUCT : null;
  }
}

const FEDERATION: SubgraphParts<unknown> = {
  links: `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@composeDirective", "@extends", "@external", "@inaccessible",
      "@interfaceObject", "@key", "@override", "@provides", "@requires", "@shareable", "@tag"])
    @link(url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"])
    @composeDirective(name: "@custom")
    directive @custom on OBJECT`,
  directives: {
    Product: '@custom @key(fields: "id") @key(fields: "sku package") @key(fields: "sku variation { id }")',
    'Product.createdBy': '@provides(fields: "totalProductsCreated")',
    'Product.notes': '@tag(name: "internal")',
    DeprecatedProduct: '@key(fields: "sku package")',
    ProductResearch: '@key(fields: "study { caseNumber }")',
    ProductDimension: '@shareable',
    'ProductDimension.unit': '@inaccessible',
    User: '@extends @key(fields: "email")',
    'User.averageProductsCreatedPerYear': '@requires(fields: "totalProductsCreated yearsOfEmployment")',
    'User.email': '@external',
    'User.name': '@override(from: "users")',
    'User.totalProductsCreated': '@external',
    'User.yearsOfEmployment': '@external',
    Inventory: '@interfaceObject @key(fields: "id")',
  },
  leftOut: [],
  nullable: [],
  references: new Map([
    entity('Product', (reference) => PRODUCTS.find((product) => isOf(reference, product))),
    entity('DeprecatedProduct', (reference) => [DEPRECATED_PRODUCT].find((one) => isOf(reference, one))),
    entity('ProductResearch', (reference) => RESEARCH.find((research) => isOf(reference, research))),
    // What other subgraphs know of a user comes along with the reference.
    entity('User', (reference) =>
      reference['email'] === USER.email ? Object.assign(new User(), USER, reference) : undefined,
    ),
    entity('Inventory', (reference) => (reference['id'] === INVENTORY.id ? INVENTORY : undefined)),
  ]),
  typeNameOf: ({ __typename: type = '' }: { readonly __typename?: string }) => type,
};

function entity(
  type: string,
  find: (reference: Reference) => object | undefined,
): [string, ResolveReference<unknown>] {
  const resolve: ResolveReference<unknown> = async (reference) => {
    const found = find(reference);
    return found === undefined ? null : { ...found, __typename: type };
  };
  return [type, resolve];
}

/** Whether everything that a reference says of a thing is so. */
function isOf(reference: Reference, thing: object): boolean {
  const known = thing as Reference;
  const key = Object.entries(reference).filter(([name]) => name !== '__typename');
  return key.every(([name, value]) => {
    const own = known[name];
    return typeof value === 'object' && value !== null && typeof own === 'object' && own !== null
      ? isOf(value as Reference, own)
      : own === value;
  });
}

export function createProductsSubgraph(): Subgraph {
  const schema = buildSchemaSync({
    resolvers: [ProductResolver],
    orphanedTypes: [Inventory],
    validate: false,
  });
  return buildSubgraph(schema, FEDERATION);
}
