/** The stages that a template's conditions speak of. */

/** Makes the answer; runs again after a revision or a web search. */
export const EXECUTOR = 'executor_reasoning';

/** Judges the answer; may send the task back to the executor. */
export const MODERATION = 'moderation';

/** Retrieves passages, as part of the template or when the executor asks for it. */
export const WEB_SEARCH = 'web_search';

/** Retrieves passages from the knowledge at hand. */
export const EMBEDDING = 'embedding_lookup';

/** Makes the final response, in the coordinator. */
export const PACKAGING = 'response_packaging';
