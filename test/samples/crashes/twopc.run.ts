import sample from "../../../samples/twopc/run.ts";
import { withCheckedOutcomes } from "./checkedOutcomes.ts";

export default withCheckedOutcomes(sample);
