"""What polling costs, beside what a newsroom would use instead."""
