import { ScopegateUnavailable } from './errors';
import type { Question, Verification } from './verification';

/**
 * The answers that came, each looked at before it is believed: whatever else can stand at an address must let nobody in.
 *
 * @throws ScopegateUnavailable
 */
export function readAnswers(
  text: string,
  questions: readonly Question[],
): ReadonlyMap<Question, Verification> {
  const answers = parse(text);
  if (!Array.isArray(answers) || answers.length !== questions.length) throw noAnswer();
  return new Map(questions.map((question, index) => [question, checked(answers[index], question)]));
}

/** @throws ScopegateUnavailable */
export function readAnswer(text: string, question: Question): Verification {
  return checked(parse(text), question);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noAnswer();
  }
}

function checked(answer: unknown, { resource }: Question): Verification {
  if (!isRecord(answer) || typeof answer['code'] !== 'string') throw noAnswer();
  const { valid, code, apiKey, grantedBy, limits } = answer;
  if (valid !== (code === 'VALID') || !Array.isArray(limits)) throw noAnswer();
  if (valid && !(isRecord(apiKey) && (resource === undefined || isRecord(grantedBy)))) throw noAnswer();
  return answer as unknown as Verification;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function noAnswer(): ScopegateUnavailable {
  return new ScopegateUnavailable(
    'ANSWER',
    'What came from the address of Scopegate is no answer of it.',
    200,
  );
}
