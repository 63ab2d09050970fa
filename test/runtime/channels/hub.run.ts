import { hub } from "./hub.ts";

export default hub;
