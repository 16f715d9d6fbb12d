"""Salesforce in small. Which behaviour is confirmed and which assumed: sandbox/FACTS.md."""
