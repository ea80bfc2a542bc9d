// Serves both subgraphs in a process of their own, about `{ deployments, users }` of the variable PLATFORM.
import { serveDeployments } from './deployments.mjs';
import { serveUsers } from './users.mjs';

const { deployments, users } = JSON.parse(process.env.PLATFORM);
const served = await Promise.all([serveDeployments(deployments), serveUsers(users)]);
process.send?.(served.map(({ name, url, sdl }) => ({ name, url, sdl })));
