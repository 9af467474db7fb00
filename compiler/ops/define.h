/* define.h: how definitions are written. A definition is a C function that carries out other operations through a
 * Definer; run by the interpreter it computes, run by emission it writes instructions, for a scalar or for a vector
 * alike. So an operation has one meaning, and the same bits everywhere. */
#ifndef MNP_OPS_DEFINE_H
#define MNP_OPS_DEFINE_H

#include "ops/ops.h"

static inline Term let1(Definer *d, Op op, Term a) {
    return d->let(d, op, a.dtype, &a);
}

static inline Term let2(Definer *d, Op op, Term a, Term b) {
    Term operands[] = {a, b};
    return d->let(d, op, a.dtype, operands);
}

/* Comparisons and tests. */
static inline Term test1(Definer *d, Op op, Term a) {
    return d->let(d, op, DTYPE_BOOL, &a);
}

static inline Term test2(Definer *d, Op op, Term a, Term b) {
    Term operands[] = {a, b};
    return d->let(d, op, DTYPE_BOOL, operands);
}

static inline Term choose(Definer *d, Term test, Term then, Term otherwise) {
    Term operands[] = {test, then, otherwise};
    return d->let(d, OP_SELECT, then.dtype, operands);
}

static inline Term convert(Definer *d, Term a, DType dtype) {
    return a.dtype == dtype ? a : d->let(d, OP_CAST, dtype, &a);
}

/* The bits of a float as an integer of its width, and back. */
static inline Term bits_of(Definer *d, Term a) {
    return d->let(d, OP_BITS, a.dtype == DTYPE_F32 ? DTYPE_I32 : DTYPE_I64, &a);
}

static inline Term of_bits(Definer *d, Term a) {
    return d->let(d, OP_BITS, a.dtype == DTYPE_I32 ? DTYPE_F32 : DTYPE_F64, &a);
}

/* A constant of the dtype of `like`. */
static inline Term number(Definer *d, Term like, double value) {
    bool floating = dtype_is_float(like.dtype);
    Scalar scalar = {.i = 0};
    if (floating)
        scalar.f = like.dtype == DTYPE_F32 ? (double)(float)value : value;
    else
        scalar.i = (int64_t)value;
    return d->constant(d, like.dtype, scalar);
}

static inline Term whole(Definer *d, Term like, int64_t value) {
    return d->constant(d, like.dtype, (Scalar){.i = value});
}

static inline Term add(Definer *d, Term a, Term b) {
    return let2(d, OP_ADD, a, b);
}

static inline Term sub(Definer *d, Term a, Term b) {
    return let2(d, OP_SUB, a, b);
}

static inline Term mul(Definer *d, Term a, Term b) {
    return let2(d, OP_MUL, a, b);
}

static inline Term divide(Definer *d, Term a, Term b) {
    return let2(d, OP_DIV, a, b);
}

static inline Term fused(Definer *d, Term a, Term b, Term c) {
    Term operands[] = {a, b, c};
    return d->let(d, OP_FMA, a.dtype, operands);
}

static inline Term both(Definer *d, Term a, Term b) {
    return test2(d, OP_LOGICAL_AND, a, b);
}

static inline Term either(Definer *d, Term a, Term b) {
    return test2(d, OP_LOGICAL_OR, a, b);
}

/* a op constant, of floats or integers. */
static inline Term compare_to(Definer *d, Op op, Term a, double value) {
    return test2(d, op, a, number(d, a, value));
}

Definition complex_definition(Op op);       /* complex.c */
Definition elementary_definition(Op op);    /* elementary.c */

#endif
