/* digits.c: the shortest decimal that reads back as a number.
 *
 * Of numbers that are not subnormal, a decimal of at most 15 digits (6 for float32) survives the way through the number, so if rounding to 15 digits reads
 * back, it is the shortest one with zeros behind it. Else the digits are tried one more at a time: the nearest decimal of
 * a length reads back if any of that length does, but below a power of two, where numbers lie twice as dense: there its
 * upper neighbour may. */
#include "runtime.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int reads_back(const char *text, double value, int is_float32) {
    return (is_float32 ? (double)strtof(text, NULL) : strtod(text, NULL)) == value;
}

static int is_power_of_two(double value) {
    int exponent;
    return fabs(frexp(value, &exponent)) == 0.5;
}

/* "d.ddde+xx" with the last digit one up; false where that would carry. */
static int step_up(char *text) {
    char *last = strchr(text, 'e') - 1;
    if (!isdigit((unsigned char)*last) || *last == '9')
        return 0;
    ++*last;
    return 1;
}

static void take_apart(const char *text, Decimal *decimal) {
    decimal->exponent = atoi(strchr(text, 'e') + 1);
    for (const char *c = text; *c != 'e'; c++)
        if (isdigit((unsigned char)*c))
            decimal->digits[decimal->count++] = *c;
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
    decimal->digits[decimal->count] = 0;
}

Decimal decimal_shortest(double value, int is_float32) {
    Decimal decimal = {.count = 0, .negative = signbit(value) != 0};
    int sure = is_float32 ? 6 : 15, most = is_float32 ? 9 : 17;
    char text[40];
    value = fabs(value);
    if (value != 0 && value < (is_float32 ? FLT_MIN : DBL_MIN))
        sure = 1;
    for (int count = sure; count <= most; count++) {
        snprintf(text, sizeof text, "%.*e", count - 1, value);
        if (count == most || reads_back(text, value, is_float32))
            break;
        if (count > sure && is_power_of_two(value) && step_up(text) && reads_back(text, value, is_float32))
            break;
    }
    take_apart(text, &decimal);
    return decimal;
}
