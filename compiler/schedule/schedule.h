/* schedule.h: the steps, one a file, and the planner that puts them together.
 *
 * Each step has a question, which says why not, and an action. Steps know loops, bounds and
 * accesses; none knows a program.
 */
#ifndef MNP_SCHEDULE_H
#define MNP_SCHEDULE_H

#include "analysis/analysis.h"

enum { COPIES_MAX = 16 };

/* What a choice of tile costs: cycles a term of one vector of outputs. */
typedef struct {
    int rows, vectors;           /* copies of the outer loop, and of the vector loop */
    Name skewed;                 /* the loop along which copies are later than each other, or NULL */
    int64_t shift, lane_shift;   /* by how many of its rounds: each row, each vector */
    double cycles;
    const char *limit;           /* "loads", "arithmetic", "latency" */
} Tile;

/* ---- plan.c -------------------------------------------------------------------------------- */

typedef enum { STEP_MEMSET, STEP_GATHER_TARGET, STEP_FORWARD_INIT, STEP_FILL_REST, STEP_COMPACT, STEP_STREAM, STEP_TILE } StepKind;

/* What is done with a nest, as --explain prints it and --plan=FILE gives it. */
typedef struct {
    StepKind kind;
    Name loop;               /* the nest's outermost loop */
    int64_t size;            /* of a version for small sizes; 0: for all */
    int width;               /* lanes */
    Tile tile;               /* a stream has only vectors */
} Step;

typedef struct Plan Plan;
/* Fatal where the file cannot be read or a line is wrong. */
Plan *plan_read(const char *path);
/* True if the plan, and not the planner, says what is done in a function. */
bool plan_rules(const Plan *plan, const Function *function);
/* The plan's step of the same kind, loop and size as `like`; NULL if it has none. */
const Step *plan_step(Plan *plan, const Function *function, const Step *like, bool skewed_lanes);
/* Fatal: a step of the plan that is not legal. */
void plan_refuse(const Plan *plan, const Step *step, const char *why);
/* Fatal where a step was taken by no nest. */
void plan_finish(const Plan *plan);
/* What was done, for --explain. */
void log_step(Function *function, const Step *step, const char *reason);

/* ---- planner.c ----------------------------------------------------------------------------- */

/* A loop stands right in the region. */
bool has_loop(const Region *region);
/* A pass: steps for every nest of the module. */
void pass_schedule(Module *module, const PassContext *context);

/* ---- split_index_set.c --------------------------------------------------------------------- */

/* A loop's range [lo, hi), and [first, end) in it, where bounds of loops inside do not depend on the
 * loop's variable; the breaks are the same without their clamps, NULL where there is none. */
typedef struct {
    Size lo, first, end, hi;
    Size break_first, break_end;
} Middle;
/* False where the bounds are not known before `place`, which is the loop or one around it. */
bool find_middle(const Node *loop, const Node *place, Middle *middle);
/* A copy of the loop over [lo, hi). */
Node *loop_piece(Builder *b, const Node *loop, Size lo, Size hi);
/* Simplifies the bounds inside of a copy whose rounds all lie in the middle. */
void assume_middle(Node *piece, const Middle *middle);

/* ---- interior.c ---------------------------------------------------------------------------- */

/* What the lanes of a nest get: `outer` is the parallel loop right around them, or NULL. */
typedef struct {
    Node *outer, *lanes;
    int width;
    int most_rows;
    Name label;              /* of the nest's outermost loop */
    Plan *plan;              /* that has the tiles, or NULL: they are chosen by their cost */
} TileNest;
/* Puts a tiled interior, its versions for small sizes, and plain borders in the nest's place. */
void take_interior(const TileNest *nest);

/* ---- gather_target.c ----------------------------------------------------------------------- */

/* A perfect nest whose target slides with outer loops is turned round: the target's axes become the
 * outer loops. Returns the new nest, or NULL if it is none of that kind. */
Node *gather_target(Node *const *loops, int count);

/* ---- rounds.c ------------------------------------------------------------------------------ */

/* The rounds of a loop whose nests all go over the same elements go inside of the nest of those. False: `why` says why
 * not, NULL where it is no such loop. */
bool rounds_inside(Node *loop, const char **why);
/* A pass: for every loop of the module. */
void pass_rounds(Module *module, const PassContext *context);

/* ---- compact.c ----------------------------------------------------------------------------- */

/* A loop that puts elements which a test chooses side by side does so in `width` lanes; with 1 in strips. */
bool may_compact(Node *loop, int width, const char **why);
/* The loop over strips, or NULL. */
Node *compact(Node *loop, int width);

/* ---- forward_init.c ------------------------------------------------------------------------ */

/* Takes the initial values of an array from the constant that a nest right before fills it with. */
bool forward_init(Node *nest);
enum { REST_MAX = 2 * RANK_MAX };
/* Where a nest stores a box of an array that was filled right before it, only what is around the box is filled:
 * returns how many nests do that now, right before it. 0: it is no such nest, or nothing is around the box. */
int fill_rest(Node *nest, Node *rest[REST_MAX]);
/* A nest that stores zeros to all of a contiguous array becomes the C library's memset. */
bool fill_by_runtime(Node *nest);

/* ---- unroll_and_jam.c ---------------------------------------------------------------------- */

/* Conditions on sizes that are known before the nest. */
typedef struct {
    Goal *items;
    int count, capacity;
} Promises;

/* Runs `copies` rounds of a parallel loop at once, `stride` apart; what is left of the range is done
 * by a loop behind it. Loops inside are jammed too: in the loop labelled `skewed` (or NULL), copy r
 * is `shift` * r rounds later, so that copies meet at the same rows; where not all copies have
 * rounds, each is guarded. Returns the main loop; *rest is the loop behind it. */
typedef struct {
    int copies;
    int64_t stride;
    Name skewed;
    int64_t shift;
    bool overlapped;         /* no rest: the last rounds are moved back; the range has enough of them */
    Promises *promises;      /* where conditions go that the caller sees to; NULL: jam tests them */
} JamPlan;
/* Copies of a loop keep its label's stem: `a`, `a.1`. */
bool same_stem(Name a, Name b);
bool may_jam(const Node *loop, const char **why);
Node *unroll_and_jam(Node *loop, const JamPlan *plan, Node **rest);

/* ---- vectorize.c --------------------------------------------------------------------------- */

bool may_vectorize(const Node *loop, const char **why);
/* Marks a loop for `width` lanes; plan.copies vectors at once (its stride is the width), the rest under a mask, or
 * overlapped. */
void vectorize(Node *loop, int width, JamPlan plan);
/* Marks a loop for `width` lanes, the last under a mask; inner bounds may differ by lane. */
void vectorize_masked(Node *loop, int width);
/* True if no bound of a loop inside depends on the loop's variable. */
bool inner_bounds_are_plain(const Node *loop);

/* ---- cost.c -------------------------------------------------------------------------------- */

/* `most_rows`: a limit for copies of the outer loop; vectors are skewed only if `lanes_may_skew`. */
Tile choose_tile(const Node *outer, const Node *lanes, int width, int most_rows, bool lanes_may_skew);

/* ---- unroll.c, versions.c ------------------------------------------------------------------ */

/* Writes out loops of few constant rounds whose body stays below `budget` nodes. */
void unroll_constant_loops(Region *region, int budget);
/* The next small value above *value of the sizes that trip counts inside of `lanes` are made of: the
 * conditions are added to `promises`, and `map` puts the value in. False where there is none left. */
bool next_version(const Node *nest, const Node *lanes, int64_t *value, Promises *promises, CloneMap *map);

#endif
