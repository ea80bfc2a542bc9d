/**
 * The name of an extension of a field that shows a list: it is charged for by the field above, which brings the list along,
 * rather than by a function of its own.
 */
export const CHARGED_ABOVE = 'chargedAbove';
