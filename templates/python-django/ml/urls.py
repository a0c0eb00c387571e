"""Addresses of the predictions."""

from django.urls import path

from ml.views import Predictions

urlpatterns = [path("predictions", Predictions.as_view(), name="predictions")]
