# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
.PHONY: prove
## prove            prove the generated code with CBMC; PROVE_TIME=seconds for a sample, PROVE_ONLY=regex for some,
##                  PROVE_JOBS=n at a time (2)
prove:
	$(PYTHON) tests/prove/prove.py --time "$(or $(PROVE_TIME),0)" --only "$(PROVE_ONLY)" --jobs $(or $(PROVE_JOBS),2) \
		$(if $(PROVE_UPDATE),--update)
