"""The decision record that a generated repository carries, in the form of MADR 4.0. Pure."""

from scaffold.decision.record import decision_record

__all__ = ["decision_record"]
