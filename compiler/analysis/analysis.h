/* analysis.h: questions about the IR: facts at a place, effects, dependence. Nothing is stored. */
#ifndef MNP_ANALYSIS_H
#define MNP_ANALYSIS_H

#include "nest/nest.h"

/* What a pass may want to know of the target and the options. */
typedef struct {
    int vector_width;     /* f64 lanes of a register */
    struct Plan *plan;    /* steps that the user gave (schedule.h), or NULL */
    bool explain;         /* what only --explain wants to know is found out */
} PassContext;

/* ---- facts.c ------------------------------------------------------------------------------- */

/* What holds before a node: the signature's facts, those of the loops, branches and versions around
 * it, and of the checks and exits passed before it. */
Facts *facts_at(const Node *node);
/* The sizes are the same, if only by what is known at the place. */
bool sizes_agree(const Node *place, Size a, Size b);
/* The facts prove that a load, or all that stand in a region itself, read elements that are there. */
bool load_is_inside(const Node *load, Facts *facts);
bool loads_are_inside(const Region *region, Facts *facts);
/* What holds inside of one of a node's regions, given what holds before the node. */
Facts *facts_inside(Facts *facts, const Node *node, const Region *region);
/* What follows besides from a bool value being `truth`. */
Facts *facts_assume(Arena *arena, Facts *facts, Value *test, bool truth);
/* A value that is one of two, of a select or of the sides of an if: the first where the test is true. */
bool value_alternatives(const Value *value, Value *pair[2], Value **test);
/* What holds behind a node. */
Facts *facts_after(Facts *facts, const Node *node);

/* ---- ranges.c ------------------------------------------------------------------------------ */

typedef struct {
    int64_t least, most;
} Range;

/* Constants between which an int lies whatever the run brings, told by how it is computed; false where none is known. */
bool value_range(const Value *value, Range *range);
bool size_range(Size size, Range *range);
/* True if ranges show that the condition holds. */
bool always_holds(const Value *test);

/* ---- natural.c ----------------------------------------------------------------------------- */

/* True if no run makes the size, of values of the function, negative. */
bool size_is_natural(Size size, const Function *function);

/* ---- cases.c ------------------------------------------------------------------------------- */

/* a >= b, also where values in it are one of two (value_alternatives): then on both sides of the test. */
bool proved_in_cases(const Function *function, Facts *facts, Size a, Size b);

/* ---- effects.c ----------------------------------------------------------------------------- */

/* True if the node can be dropped when nobody reads its results. */
bool node_is_pure(const Node *node);
/* True if the region has nothing but scalar arithmetic, loads, stores and counted loops. */
bool region_is_plain(const Region *region);
/* True if the node's operands, or the values, have the array among them, or a view of it. */
bool node_has_array(Node *node, const Value *array);
bool values_have_array(const Values *values, const Value *array);
/* ... or all inside of it: its yields, too. */
bool region_has_array(const Region *region, const Value *array);
bool node_has_array_deep(Node *node, const Value *array);
/* The last reference of an array that the region builds before `end` (NULL: its end): the one handed over there; or NULL. */
Node *last_retain(const Region *region, const Node *end, const Value *array);
/* The array keeps the owner that it has in the region: the reference that was handed over at its end goes. */
void drop_last_retain(const Region *region, const Value *array);
/* How often each value of the function is read; by Value.id, from calloc. */
int *count_uses(Function *function);
/* ... without those of a node and all inside it. */
void uncount_uses(int *uses, Node *node);

/* ---- dependence.c -------------------------------------------------------------------------- */

/* True if two roots cannot share memory. */
bool roots_apart(const Function *function, const Value *a, const Value *b);
/* True if no two rounds of the loop touch the same element unless both only read; *why says what
 * stands against it. */
bool loop_is_parallel(const Node *loop, const char **why);
/* True if doing rounds of the nest twice changes nothing: it reads nothing that it stores. */
bool nest_is_repeatable(const Node *nest);
/* An access as the questions below take it. */
typedef struct {
    const Value *array;
    const Size *index;
} Place;
/* Both places are met once a round of the loops (outermost first), `first` before `second`. True if whenever two
 * rounds meet the same element, the one that meets it as `first` is not the later one: then all of `first` may stand
 * before all of `second`, or the two side by side, with the same meaning. */
bool rounds_stay_ordered(Facts *facts, Node *const *loops, int count, Place first, Place second);
/* True if the node, or one inside, may write to the root's memory or give it back. */
bool node_may_write(const Node *node, const Value *root);
/* True if one of the sizes is computed inside of the node, or is what it carries or gives: in each round of a FOR it may
 * be another. */
bool sizes_change_in(const Node *place, const Size *sizes, int count);
bool size_is_known_before(Size size, const Node *place);
/* True if two indices are the same Sizes, axis by axis. */
bool same_index(const Size *a, const Size *b, int rank);
/* The linear address (in elements) of an access as a Size. */
Size access_address(const Value *array, const Size *index);

#endif
