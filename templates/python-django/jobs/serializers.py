"""What digests look like from outside."""

import re
from datetime import date
from typing import Any

from rest_framework import serializers

from config.api import StrictSerializer

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class DayField(serializers.DateField):
    """Takes a day in the one form that the description names; Django's own knows more."""

    def to_internal_value(self, value: Any) -> date:
        """Refuse any other form."""
        if not isinstance(value, str) or not DAY.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class DigestSerializer(StrictSerializer):
    """The day (in UTC) of which to write a digest."""

    day = DayField()
