import { saving } from "../node/vault.ts";

export default saving;
