/* taken.c: the same loops as the nest. */
#define gather taken
#include "../nests/gather.c"
