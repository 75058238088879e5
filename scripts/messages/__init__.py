"""The texts of the service as gettext files: read, written, merged and checked."""
