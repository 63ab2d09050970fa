import { partitionedSaving } from "../node/vault.ts";

export default partitionedSaving;
