/* rounds.h: what the two files of the step share that brings rounds inside of the elements: rounds.c asks whether it may,
 * elements.c builds the new nest. */
#ifndef MNP_SCHEDULE_ROUNDS_H
#define MNP_SCHEDULE_ROUNDS_H

#include "schedule/schedule.h"

enum { NESTS_MAX = 32, ELEMENTS_MAX = 24, CHECKS_MAX = 8, NODES_MAX = 300 };

/* Where what a carried array is in the end goes. */
typedef enum { RESULT_UNUSED, RESULT_IN_PLACE, RESULT_FRESH } ResultKind;

/* An array of which a round meets one element. */
typedef struct {
    Value *array;
    Size index[RANK_MAX];        /* by the variables of the first nest */
    bool known;                  /* the index is */
    bool stored, defined;        /* somewhere; before it is read */
    Node *alloc;                 /* of what lives for a round only, or NULL */
    int head;                    /* the carried value that it is, or -1 */
    ResultKind result;
    Value *target;               /* what the result is stored to */
    Value *value;                /* the element's, while the nests are copied */
} Element;

typedef struct {
    Node *loop;                  /* the rounds */
    Function *function;
    Node *nests[NESTS_MAX][RANK_MAX];
    int nest_count, depth, nodes;
    Element elements[ELEMENTS_MAX];
    int element_count;
    Node *checks[CHECKS_MAX];    /* that any round asks alike */
    int check_count;
    bool has_facts;
    Facts *before;               /* what holds before a round, once the checks are passed */
    Facts *facts;                /* inside of the first nest, whatever the round */
    const char *why;             /* it is not done, or NULL */
    /* while it is done */
    CloneMap map;
    Node *lanes, *rounds;
} Rounds;

/* What an index is made of, besides what is known before the rounds. */
typedef struct {
    const Rounds *r;
    bool element[RANK_MAX];      /* variables of the nest */
    int elements;
    bool round, inner;           /* the round, or data; loops inside of the nest */
} IndexParts;

/* ---- rounds.c ------------------------------------------------------------------------------ */

/* The element that an array is met at, or NULL. */
Element *element_of(Rounds *r, const Value *array);
/* One of the loops that go outside. */
bool is_around(const Rounds *r, int nest, const Node *node);
/* The place of a nest of the rounds, -1: the node is none. */
int nest_at(const Rounds *r, const Node *node);
/* An index by the variables of the first nest; nest -1: beside the nests. */
void rename_index(Rounds *r, int nest, const Size *from, int rank, Size *to);
IndexParts parts_of(const Rounds *r, const Size *index, int rank);
/* The index is inside of the array whatever the round, and without any. */
bool is_inside(const Rounds *r, const Value *array, const Size *index);
/* The reference that the loop is given to what it starts from. */
Node *given_reference(const Rounds *r, int head);
void rounds_log(const Rounds *r, const char *why);

/* ---- elements.c ---------------------------------------------------------------------------- */

/* Puts the new nest in the loop's place; false, and nothing is changed: lanes do not suit it, `why` says why. */
bool elements_outside(Rounds *r);

#endif
