/* elementary_test.c: the elementary functions against the C library's of 64 bits of precision: within 2 ULP, special
 * values as C99's Annex F has them. With an argument: so many points a function, and the table of docs. */
#include "test.h"

#include "ops/ops.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    const char *name;
    Op op;
    long double (*one)(long double);
    long double (*two)(long double, long double);
    double low, high;          /* the interval of plain points */
    bool spread;               /* points of all sizes, too */
} Row;

static const Row rows[] = {
    {"exp", OP_EXP, expl, NULL, -745, 709, true}, {"expm1", OP_EXPM1, expm1l, NULL, -40, 709, true},
    {"exp2", OP_EXP2, exp2l, NULL, -1070, 1023, true}, {"log", OP_LOG, logl, NULL, 0, 4, true},
    {"log2", OP_LOG2, log2l, NULL, 0, 4, true}, {"log10", OP_LOG10, log10l, NULL, 0, 4, true},
    {"log1p", OP_LOG1P, log1pl, NULL, -1, 4, true}, {"sin", OP_SIN, sinl, NULL, -100, 100, true},
    {"cos", OP_COS, cosl, NULL, -100, 100, true}, {"tan", OP_TAN, tanl, NULL, -100, 100, true},
    {"asin", OP_ASIN, asinl, NULL, -1, 1, false}, {"acos", OP_ACOS, acosl, NULL, -1, 1, false},
    {"atan", OP_ATAN, atanl, NULL, -10, 10, true}, {"atan2", OP_ATAN2, NULL, atan2l, -10, 10, true},
    {"sinh", OP_SINH, sinhl, NULL, -710, 710, true}, {"cosh", OP_COSH, coshl, NULL, -710, 710, true},
    {"tanh", OP_TANH, tanhl, NULL, -20, 20, true}, {"asinh", OP_ASINH, asinhl, NULL, -10, 10, true},
    {"acosh", OP_ACOSH, acoshl, NULL, 1, 10, true}, {"atanh", OP_ATANH, atanhl, NULL, -1, 1, false},
    {"cbrt", OP_CBRT, cbrtl, NULL, -10, 10, true}, {"hypot", OP_HYPOT, NULL, hypotl, -10, 10, true},
    {"power", OP_POW, NULL, powl, 0, 20, true},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

static uint64_t state = 88172645463325252u;

static double uniform(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53;
}

/* Half of the points lie in the interval, half have a size that is spread over the exponents. */
static double point(const Row *row, DType dtype) {
    double x = row->low + (row->high - row->low) * uniform();
    if (row->spread && uniform() < 0.5) {
        int most = dtype == DTYPE_F32 ? 126 : 1022;
        x = ldexp(1 + uniform(), (int)((uniform() - 0.5) * 2 * most));
        x = uniform() < 0.5 ? -x : x;
    } else if (uniform() < 0.3) {
        x = ldexp(x, (int)(-60 * uniform()));
    }
    return dtype == DTYPE_F32 ? (double)(float)x : x;
}

static double evaluate(const Row *row, DType dtype, double x, double y) {
    Scalar operands[] = {{.f = x}, {.f = y}};
    return op_evaluate(row->op, dtype, dtype, operands).f;
}

static long double reference(const Row *row, double x, double y) {
    return row->one ? row->one((long double)x) : row->two((long double)x, (long double)y);
}

/* The error in units of the last place of the exact result. */
static double error_of(DType dtype, double got, long double exact) {
    long double most = dtype == DTYPE_F32 ? (long double)FLT_MAX : (long double)DBL_MAX;
    int digits = dtype == DTYPE_F32 ? 24 : 53, least = dtype == DTYPE_F32 ? -149 : -1074, exponent;
    if (isnan(exact) || isnan(got))
        return isnan(exact) && isnan(got) ? 0 : INFINITY;
    if (fabsl(exact) > most || isinf(got)) {
        frexpl(most, &exponent);
        return (long double)got == exact || fabsl(exact) > most * (1 - 4 * ldexpl(1, -digits)) ? 0 : INFINITY;
    }
    frexpl(exact, &exponent);
    int unit = exponent - digits < least ? least : exponent - digits;
    return (double)(fabsl((long double)got - exact) / ldexpl(1, unit));
}

static double worst_error(const Row *row, DType dtype, int points, double *worst_x, double *worst_y) {
    double worst = 0;
    for (int i = 0; i < points; i++) {
        double x = point(row, dtype), y = row->two ? point(row, dtype) : 0;
        if (row->op == OP_POW && uniform() < 0.8)
            y = dtype == DTYPE_F32 ? (double)(float)(700 * (2 * uniform() - 1) / (fabs(log(x)) + 1e-9)) : 700 * (2 * uniform() - 1) / (fabs(log(x)) + 1e-9);
        double error = error_of(dtype, evaluate(row, dtype, x, y), reference(row, x, y));
        if (error > worst) {
            worst = error;
            *worst_x = x;
            *worst_y = y;
        }
    }
    return worst;
}

static const double odd_numbers[] = {0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, INFINITY, -INFINITY, NAN, 5e-324, -5e-324, 0x1p-1022,
                                     DBL_MAX, -DBL_MAX, 1e-10, 0.1, 700, 710, -746, 1e6, 1e22, 1e300, 0x1.fffffffffffffp-1};

enum { ODD_COUNT = sizeof odd_numbers / sizeof *odd_numbers };

/* Signs of zeros count, and what is infinite or nan. */
static bool same_kind(double got, long double exact) {
    double want = (double)exact;
    if (isnan(want) || isinf(want) || want == 0)
        return isnan(want) ? isnan(got) : got == want && signbit(got) == signbit(want);
    return error_of(DTYPE_F64, got, exact) <= 2;
}

static void special_values(const Row *row) {
    for (int i = 0; i < ODD_COUNT; i++)
        for (int k = 0; k < (row->two ? ODD_COUNT : 1); k++) {
            double x = odd_numbers[i], y = odd_numbers[k], got = evaluate(row, DTYPE_F64, x, y);
            if (same_kind(got, reference(row, x, y)))
                continue;
            fprintf(stderr, "%s(%g, %g) is %.17g, not %.17Lg\n", row->name, x, y, got, reference(row, x, y));
            CHECK(false);
        }
}

int main(int count, char **arguments) {
    int points = count > 1 ? atoi(arguments[1]) : 6000;
    for (int i = 0; i < ROW_COUNT; i++) {
        double x = 0, y = 0, wide = worst_error(&rows[i], DTYPE_F64, points, &x, &y), x32 = 0, y32 = 0;
        double narrow = worst_error(&rows[i], DTYPE_F32, points / 2, &x32, &y32);
        if (count > 1)
            printf("| %s | %.2f | %.2f |\n", rows[i].name, wide, narrow);
        if (wide > 2 || narrow > 2)
            fprintf(stderr, "%s: %.2f ULP at %.17g, %.17g; f32 %.2f at %.9g, %.9g\n", rows[i].name, wide, x, y, narrow, x32, y32);
        CHECK(wide <= 2 && narrow <= 2);
        special_values(&rows[i]);
    }
    return test_report();
}
