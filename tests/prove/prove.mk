# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
.PHONY: prove
## prove            prove the generated code with CBMC; PROVE_TIME=seconds for a sample, PROVE_ONLY=regex for some
prove:
	$(PYTHON) tests/prove/prove.py --time "$(or $(PROVE_TIME),0)" --only "$(PROVE_ONLY)" $(if $(PROVE_UPDATE),--update)
