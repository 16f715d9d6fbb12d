"""The proof of the authority matrices: every deal has somebody who decides it, and a worse one never needs
less. Exact, over all values that a CRM can hold; what fails is shown by a deal."""

from connector.proof.faults import Fault, Kind, Witness
from connector.proof.prove import BUDGET, prove
from connector.proof.words import problem, sentence

__all__ = ["BUDGET", "Fault", "Kind", "Witness", "problem", "prove", "sentence"]
