/* pairwise.c: the tree of NumPy's pairwise sum (umath/loops_utils.h.src), for compiled loops that add its leaves: more
 * than a block's worth of terms is split in halves, the left one a whole number of eights. A walk hands the leaves out
 * from left to right, and adds up what comes back. */
#include "runtime.h"

/* Halves still to be done: none below a block, of less than 2^63 terms. */
enum { BLOCK = 128, EIGHTS = 8, DEPTH_MAX = 58 };

typedef struct {
    int64_t start, count;   /* the right half; 0: it is under way */
    double left;            /* the sum of the left one, then */
} Halves;

/* Its size and first members are known to the emitter: emit/pairwise.c. */
typedef struct {
    int64_t start, count;   /* the leaf */
    double sum;             /* of all, at the end */
    int64_t depth;
    Halves halves[DEPTH_MAX];
} Walk;

_Static_assert(sizeof(Walk) == 178 * sizeof(int64_t), "the emitter allocates as much");

static void to_first_leaf(Walk *walk, int64_t start, int64_t count) {
    while (count > BLOCK) {
        int64_t half = count / 2 / EIGHTS * EIGHTS;
        walk->halves[walk->depth++] = (Halves){start + half, count - half, 0};
        count = half;
    }
    walk->start = start;
    walk->count = count;
}

/* To the first leaf of so many terms. */
void mnp_pairwise_start(void *state, int64_t count) {
    Walk *walk = state;
    walk->depth = 0;
    to_first_leaf(walk, 0, count);
}

/* Takes the sum of the leaf; true: on to the next one. `single`: sums are rounded to f32. */
int mnp_pairwise_next(void *state, double sum, int64_t single) {
    Walk *walk = state;
    for (; walk->depth > 0; walk->depth--) {
        Halves *halves = &walk->halves[walk->depth - 1];
        if (halves->count > 0) {
            int64_t count = halves->count;
            halves->left = sum;
            halves->count = 0;
            to_first_leaf(walk, halves->start, count);
            return 1;
        }
        sum = single ? (double)((float)halves->left + (float)sum) : halves->left + sum;
    }
    walk->sum = sum;
    return 0;
}
