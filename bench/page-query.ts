const FIELDS = `
    nodes {
      id name description createdAt modifiedAt creatorId creatorEmail modifiedBy organizationId
      scope {
        organizationId accountIds widgetIds environmentIds
        organization { id name slug createdAt modifiedAt }
        accounts { id name createdAt modifiedAt organization { id name slug createdAt modifiedAt } }
        widgets { id name createdAt modifiedAt account { id name createdAt modifiedAt } }
        environments {
          id name createdAt modifiedAt
          widget {
            id name createdAt modifiedAt
            account { id name createdAt modifiedAt organization { id name slug createdAt modifiedAt } }
          }
        }
      }
    }
    pageInfo { hasNextPage }`;

/** Keys from the newest on, with all that they grant and everything above it. */
export const PAGE_QUERY = `query Page($first: Int!) {
  apiKeys(first: $first) {${FIELDS}
  }
}`;

/** The same from anywhere in the list on. */
export const LATER_PAGE_QUERY = `query Page($first: Int!, $after: String) {
  apiKeys(first: $first, after: $after) {${FIELDS}
  }
}`;
