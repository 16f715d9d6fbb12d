"""Dealgate: Operations countersigns what Sales sells, inside the CRM both already use."""
