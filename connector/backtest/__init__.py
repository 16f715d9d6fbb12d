"""What a policy would have done to the deals of the past: crossings of gates, judged by the one evaluator."""
