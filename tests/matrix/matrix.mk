.PHONY: matrix

## matrix           each tree's flags x each part that make embed copies x gcc, clang x -Os, -O2; compares with tests/matrix/table.tsv
##                  [TREES="tf-a;linux"] [PARTS="library;share"] [UPDATE=1: make it the table]
matrix:
	@tests/setup.sh matrix
	@PYTHONPATH=tests $(PYTHON) -m matrix --trees="$(TREES)" --parts="$(PARTS)" $(if $(UPDATE),--update)
