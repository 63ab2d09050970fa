import { rewrittenRegister } from "./register.ts";

export default rewrittenRegister({ durable: true, timer: true });
