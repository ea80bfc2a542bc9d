import { findOrInstall } from './installed-program';
import { WANTED } from './wanted-programs';

/**
 * Installs what is missing before the tests begin: later, a test would wait for it within its own time, and two at once
 * would keep each other from it. What cannot be had is missed by the tests that need it alone.
 */
export default function installPrograms(): void {
  for (const program of Object.values(WANTED)) {
    try {
      findOrInstall(program);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
