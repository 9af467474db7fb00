/* pull.c: the same loops as the nest. */
#define nbody pull
#include "../nests/nbody.c"
