/* runtime.h: what the runtime's files share. Functions named mnp_ are called by compiled code
 * (abi.def; those that C programs see are in mnp.h); those that return int return a status: 0, or 1 with the error recorded. */
#ifndef MNP_RUNTIME_H
#define MNP_RUNTIME_H

#include "../include/mnp.h"

#include <stddef.h>
#include <stdio.h>

enum {
#define FAILURE(name, exception, text) FAILURE_##name,
#include "../failures.def"
#undef FAILURE
    FAILURE_COUNT
};

#define VOID void
#define I32 int
#define I64 int64_t
#define F64 double
#define PTR void *
#define LIST void *
#define SLOTS void *
#define OUT void *
#define ABI(name, result, ...) result name(__VA_ARGS__);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include "../abi.def"
#pragma GCC diagnostic pop
#undef ABI
#undef VOID
#undef I32
#undef I64
#undef F64
#undef PTR
#undef LIST
#undef SLOTS
#undef OUT

enum { MESSAGE_MAX = 1024, PLACE_MAX = 256 };

typedef struct {
    char message[MESSAGE_MAX];
    char place[PLACE_MAX];
    char full[MESSAGE_MAX + PLACE_MAX + 8];
} LastError;

/* The last error of this thread, of all objects in the program. */
__attribute__((visibility("default"))) extern _Thread_local LastError mnp_error_1;

/* Records an error; always 1, so that it can be returned. */
int error_set(const char *exception, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A counted object whose `drop` runs before it is freed. */
int counted_new(void *out, int64_t bytes, void (*drop)(void *data));
/* The calls that led to the last error, a line each. */
void error_print_calls(FILE *file);
int dtype_bytes(int dtype);
/* No call of a recursive function is under way any more. */
void calls_forget(void);
/* One element as a double, or as 64 bits. */
double element_float(const mnp_array *array, int64_t offset);
int64_t element_int(const mnp_array *array, int64_t offset);
/* The real or imaginary part; how many elements there are. */
double element_part(const mnp_array *array, int64_t offset, int imaginary);
int64_t element_total(const mnp_array *array);

/* Decimal digits of a finite number, d.ddd times ten to the exponent. */
enum { DIGITS_MAX = 20 };
typedef struct {
    char digits[DIGITS_MAX];
    int count, exponent, negative;
} Decimal;

/* The fewest digits that read back as the value; trailing zeros are cut, zero has the one digit 0. */
Decimal decimal_shortest(double value, int is_float32);
/* Shortest decimal that reads back as the value: CPython's repr, NumPy's for float32. */
void float_repr(double value, int is_float32, char *out, size_t size);
/* Appends to the text target: standard output, or the string under construction. */
/* What a program sets before its first array. */
void process_start(void);
void text_out(const char *bytes, size_t length);

#endif
