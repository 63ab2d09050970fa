import sample from "../../../samples/twopc-locks/run.ts";
import { withCheckedOutcomes } from "./checkedOutcomes.ts";

export default withCheckedOutcomes(sample);
