/* elementary.c: exponentials, logarithms, circular and hyperbolic functions of floats. */
#include "ops/define.h"

#define LIBRARY(name, op)                                                                                              \
    static Term define_##name(Definer *d, DType result, const Term *x) {                                               \
        return d->let(d, op, result, x);                                                                               \
    }
LIBRARY(exp, OP_C_EXP)
LIBRARY(expm1, OP_C_EXPM1)
LIBRARY(exp2, OP_C_EXP2)
LIBRARY(log, OP_C_LOG)
LIBRARY(log2, OP_C_LOG2)
LIBRARY(log10, OP_C_LOG10)
LIBRARY(log1p, OP_C_LOG1P)
LIBRARY(sin, OP_C_SIN)
LIBRARY(cos, OP_C_COS)
LIBRARY(tan, OP_C_TAN)
LIBRARY(asin, OP_C_ASIN)
LIBRARY(acos, OP_C_ACOS)
LIBRARY(atan, OP_C_ATAN)
LIBRARY(atan2, OP_C_ATAN2)
LIBRARY(sinh, OP_C_SINH)
LIBRARY(cosh, OP_C_COSH)
LIBRARY(tanh, OP_C_TANH)
LIBRARY(asinh, OP_C_ASINH)
LIBRARY(acosh, OP_C_ACOSH)
LIBRARY(atanh, OP_C_ATANH)
LIBRARY(cbrt, OP_C_CBRT)
LIBRARY(hypot, OP_C_HYPOT)
LIBRARY(pow, OP_C_POW)
#undef LIBRARY

Definition elementary_definition(Op op) {
    static const Definition definitions[OP_COUNT] = {
        [OP_EXP] = define_exp, [OP_EXPM1] = define_expm1, [OP_EXP2] = define_exp2, [OP_LOG] = define_log,
        [OP_LOG2] = define_log2, [OP_LOG10] = define_log10, [OP_LOG1P] = define_log1p, [OP_SIN] = define_sin,
        [OP_COS] = define_cos, [OP_TAN] = define_tan, [OP_ASIN] = define_asin, [OP_ACOS] = define_acos,
        [OP_ATAN] = define_atan, [OP_ATAN2] = define_atan2, [OP_SINH] = define_sinh, [OP_COSH] = define_cosh,
        [OP_TANH] = define_tanh, [OP_ASINH] = define_asinh, [OP_ACOSH] = define_acosh, [OP_ATANH] = define_atanh,
        [OP_CBRT] = define_cbrt, [OP_HYPOT] = define_hypot, [OP_POW] = define_pow};
    return definitions[op];
}
