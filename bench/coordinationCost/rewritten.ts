import { rewrittenRegister } from "./register.ts";

export default rewrittenRegister;
