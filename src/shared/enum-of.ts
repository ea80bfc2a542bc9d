/** The object that type-graphql makes an enum of, for the members of a union type. */
export type EnumOf<Member extends string> = { readonly [Name in Member]: Name };
