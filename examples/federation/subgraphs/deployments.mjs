// The subgraph of the team that deploys: it knows environments by their ids.
import { serveSubgraph } from './serve-subgraph.mjs';

/** @param deployments each `{ id, version, environmentId, deployedById }` */
export function serveDeployments(deployments) {
  return serveSubgraph('deployments', {
    Query: { deployments: () => deployments },
    Deployment: {
      __resolveReference: ({ id }) => deployments.find((deployment) => deployment.id === id),
      environment: ({ environmentId }) => ({ id: environmentId }),
      deployedBy: ({ deployedById }) => ({ id: deployedById }),
    },
    Environment: {
      deployments: ({ id }) => deployments.filter(({ environmentId }) => environmentId === id),
    },
  });
}
