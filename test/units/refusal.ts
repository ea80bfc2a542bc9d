import { ApiError } from '../../src/shared/errors';

/** The ApiError that the work throws. Fails for work that throws none, or something else. */
export function refusalOf(work: () => unknown): ApiError {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
