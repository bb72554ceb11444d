.PHONY: matrix

## matrix           each tree's flags x each part that make embed copies x gcc, clang x -Os, -O2, to build/matrix.tsv
##                  [TREES="tf-a;linux"] [PARTS="library;share"]
matrix:
	@tests/setup.sh matrix
	@PYTHONPATH=tests $(PYTHON) -m matrix --trees="$(TREES)" --parts="$(PARTS)"
