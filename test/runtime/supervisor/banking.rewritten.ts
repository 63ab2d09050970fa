import { rewrittenBanking } from "../node/banking.ts";

export default rewrittenBanking;
