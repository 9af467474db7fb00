/* system.h: linear systems over products of atoms, shared by prove.c and project.c. */
#ifndef MNP_SYSTEM_H
#define MNP_SYSTEM_H

#include "size/size.h"

enum { COLUMNS_MAX = 48, ROWS_MAX = 160, SOURCES_MAX = 60, SPLITS_MAX = 12 };

/* sum of k[c] * column[c], + constant, >= 0 (or == 0). `used`: a bit a source fact. */
typedef struct {
    int64_t k[COLUMNS_MAX];
    int64_t constant;
    uint64_t used;
    bool equal;
} Row;

/* One of the branches holds: each is a size that is >= 0. */
typedef struct {
    Size branches[8];
    int count;
    uint64_t used;
} Split;

typedef struct {
    SizeTerm columns[COLUMNS_MAX];   /* coefficient unused */
    int column_count, defined;       /* columns below `defined` have their definitions loaded */
    int divisions;                   /* quotients and remainders met so far */
    Row rows[ROWS_MAX];
    int row_count;
    Facts *sources[SOURCES_MAX];
    int source_count;
    Split splits[SPLITS_MAX];
    int split_count;
    Size goal;                       /* >= 0, what is to be excluded; multiplied like a fact; or NULL */
    bool overflow;                   /* something did not fit: nothing may be concluded */
    int depth;                       /* of provers inside each other */
} System;

/* The facts that have to do with `about`, with what is known about the atoms themselves. `plain`: those alone that have no
 * minima and maxima, which make cases. */
void system_load(System *system, Facts *facts, Size about, int depth, bool plain);
/* size >= 0, or == 0. */
void system_add(System *system, Size size, bool equal, uint64_t used);
/* Definitions of atoms that came in since the last call. */
void system_define(System *system);
int system_column(System *system, const SizeTerm *product);
/* Eliminates every column that `keep` does not mark. False: contradiction (`used` tells which
 * facts it rests on). */
bool system_eliminate(System *system, const bool *keep, uint64_t *used);
/* A row's left side without column `without` (-1: all of it). */
Size system_row_size(const System *system, const Row *row, int without);

#endif
