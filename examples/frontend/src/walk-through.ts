import { createClient } from './client';
import { keySettings, MendableInput } from './key-settings';

/** Does once all that the page can do, and writes what came of it, a line of JSON each. */
async function walkThrough(url: string, token: string, organizationId: string, environmentIds: string[]) {
  const page = keySettings(createClient(url, token));
  const [first = '', second = ''] = environmentIds;

  const refused = await page
    .create({ name: '', scope: { environmentIds: [first] } })
    .catch((error: unknown) => error);
  tell('refused', refused instanceof MendableInput ? refused.problems : refused);

  const created = await page.create({ name: 'Storefront', scope: { environmentIds: [first] } });
  tell('created', { ...created.key, hasSecret: created.secretKey !== null });

  const renamed = await page.rename(created.key, 'Storefront, west');
  tell('renamed', renamed);
  tell('changed scope', await page.changeScope(renamed, { environmentIds: [second] }));
  tell('explained', await page.explain(renamed, { level: 'ENVIRONMENT', id: first }));

  const rotated = await page.rotate(renamed, 3600);
  tell('rotated', { ...rotated.key, hasNewSecret: rotated.secretKey !== created.secretKey });
  tell('disabled', await page.disable(renamed));
  tell('enabled', await page.enable(renamed));
  tell('listed', await page.list(organizationId));
  tell('revoked', await page.revoke(renamed, 'The walk is over.'));
  tell('listed after all', await page.list(organizationId));
}

function tell(step: string, result: unknown): void {
  process.stdout.write(`${JSON.stringify({ step, result })}\n`);
}

const [url = '', organizationId = '', ...environmentIds] = process.argv.slice(2);
walkThrough(url, process.env['TOKEN'] ?? '', organizationId, environmentIds).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
