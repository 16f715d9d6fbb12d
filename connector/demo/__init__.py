"""The demo: the whole product against a sandbox CRM, in one process, with nothing to set up."""
