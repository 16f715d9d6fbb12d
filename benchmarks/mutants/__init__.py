"""Mutation score of the pure rooms: what mutmut can change in them, and whether a test notices."""
