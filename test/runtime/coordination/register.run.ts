import { register } from "./register.ts";

export default register;
