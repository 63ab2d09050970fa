import { createSystem } from "./register.ts";

export default createSystem(0);
