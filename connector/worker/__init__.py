"""The worker: answer what is rung, deliver what was decided, and look for what was missed."""
