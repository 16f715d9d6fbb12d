"""SOQL: read a query, look it up against the schema, run it."""
