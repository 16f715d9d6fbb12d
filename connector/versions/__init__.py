"""Two versions of a policy side by side: what changed in words, and which deals it gives another answer."""
