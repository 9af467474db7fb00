/* pairwise.c: the same loops as the nest. */
#define distances pairwise
#include "../nests/distances.c"
