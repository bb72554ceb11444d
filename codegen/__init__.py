"""From spec/*.yaml to freestanding C.  README.md says what each stage does."""
