"""The only door to Copier, and the released templates it works on."""

from scaffold.templates.copied import Copied
from scaffold.templates.home import HOME_BUNDLE, install_bundle, packaged_bundle
from scaffold.templates.rendering import render, render_version
from scaffold.templates.versions import lasting, parsed, versions

__all__ = [
    "HOME_BUNDLE",
    "Copied",
    "install_bundle",
    "lasting",
    "packaged_bundle",
    "parsed",
    "render",
    "render_version",
    "versions",
]
