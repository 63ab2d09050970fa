/**
 * Why something throws that may give half of a character: it does not throw there, but where the half is sent or kept. A
 * routing key is neither, so senders may compute it.
 */
export const HALVES = "it may cut a character in two, and no message can carry half of one";
