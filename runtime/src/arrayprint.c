/* arrayprint.c: arrays as NumPy's str, repr and array2string write them (numpy/_core/arrayprint.py, whose names stand in
 * the comments). An array is gone through twice: for the widths of its elements, then to write them. */
#include "runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1200, PRECISION_MAX = 300 };

/* ---- options ------------------------------------------------------------------------------- */

enum { MODE_FIXED, MODE_UNIQUE, MODE_MAXPREC, MODE_MAXPREC_EQUAL };

/* np.set_printoptions; in the order of the codes that compiled code passes. */
enum { OPTION_PRECISION, OPTION_THRESHOLD, OPTION_EDGE, OPTION_WIDTH, OPTION_SUPPRESS, OPTION_SIGN, OPTION_MODE, OPTION_COUNT };

static _Thread_local int64_t options[OPTION_COUNT] = {8, 1000, 3, 75, 0, '-', MODE_MAXPREC};
int mnp_print_option(int64_t option, int64_t value) {
    if (option == OPTION_PRECISION && value > PRECISION_MAX)
        return error_set("ValueError", "a precision of at most %d digits is supported", PRECISION_MAX);
    if (value < 0 || (option == OPTION_EDGE && value < 1))
        return error_set("ValueError", "this value of a print option is not supported: %lld", (long long)value);
    options[option] = value;
    return 0;
}

enum { KEPT_MAX = 64 };

/* np.printoptions: the options are kept when its block begins, and brought back (1) when it ends. */
int mnp_keep_print_options(int64_t back) {
    static _Thread_local int64_t kept[KEPT_MAX][OPTION_COUNT];
    static _Thread_local int depth;
    if (back && depth > 0)
        memcpy(options, kept[--depth], sizeof options);
    if (!back && depth == KEPT_MAX)
        return error_set("RuntimeError", "np.printoptions inside of more than %d others", KEPT_MAX);
    if (!back)
        memcpy(kept[depth++], options, sizeof options);
    return 0;
}

/* ---- one number ---------------------------------------------------------------------------- */

static void trim_zeros(char *text) {
    char *end = text + strlen(text);
    while (end[-1] == '0')
        *--end = 0;
}

/* Shortest digits in positional form, with a point; returns how many stand behind it. */
static int place_digits(const Decimal *decimal, char *out) {
    int whole = decimal->exponent + 1, at = 0;
    if (decimal->negative)
        out[at++] = '-';
    if (whole <= 0)
        out[at++] = '0';
    for (int i = 0; i < whole; i++)
        out[at++] = i < decimal->count ? decimal->digits[i] : '0';
    out[at++] = '.';
    int start = at;
    for (int i = whole; i < 0; i++)
        out[at++] = '0';
    for (int i = whole > 0 ? whole : 0; i < decimal->count; i++)
        out[at++] = decimal->digits[i];
    out[at] = 0;
    return decimal->count == 1 && decimal->digits[0] == '0' ? (out[start] = 0, 0) : at - start;
}

/* dragon4_positional with fractional=True: `most` digits behind the point (-1: as many as it takes), at least `least`;
 * not `unique`: exactly `most`. */
static void positional(double value, int is_float32, int unique, int most, int least, char *out) {
    if (!unique) {
        snprintf(out, TEXT_MAX, "%#.*f", most, value);
        return;
    }
    Decimal decimal = decimal_shortest(value, is_float32);
    int behind = place_digits(&decimal, out);
    if (most >= 0 && behind > most) {
        snprintf(out, TEXT_MAX, "%#.*f", most, value);
        trim_zeros(out);
        behind = (int)strlen(strchr(out, '.') + 1);
    }
    if (behind < least)
        snprintf(out, TEXT_MAX, "%#.*f", least, value);
}

/* Shortest digits with an exponent. */
static void scale_digits(const Decimal *decimal, char *out) {
    char sign = decimal->exponent < 0 ? '-' : '+';
    snprintf(out, TEXT_MAX, "%s%c.%se%c%02d", decimal->negative ? "-" : "", decimal->digits[0], decimal->digits + 1, sign,
             abs(decimal->exponent));
}

/* Zeros at the end of d.ddd00e+xx, but for `least` digits behind the point. */
static void trim_fraction(char *text, int least) {
    char exponent[16], *point = strchr(text, '.'), *end = strchr(text, 'e');
    snprintf(exponent, sizeof exponent, "%s", end);
    while (end[-1] == '0' && end - point - 1 > least)
        end--;
    strcpy(end, exponent);
}

/* dragon4_scientific; the exponent has at least `exponent_digits` digits. */
static void scientific(double value, int is_float32, int unique, int most, int least, int exponent_digits, char *out) {
    Decimal decimal = {.count = 0};
    if (unique)
        decimal = decimal_shortest(value, is_float32);
    int digits = decimal.count - 1;
    if (!unique) {
        snprintf(out, TEXT_MAX, "%#.*e", most, value);
    } else if (digits < least) {
        snprintf(out, TEXT_MAX, "%#.*e", least, value);
    } else if (most < 0 || digits <= most) {
        scale_digits(&decimal, out);
    } else {
        snprintf(out, TEXT_MAX, "%#.*e", most, value);
        trim_fraction(out, least);
    }
    char *mark = strchr(out, 'e');
    for (int have = (int)strlen(mark + 2); have < exponent_digits; have++) {
        memmove(mark + 3, mark + 2, strlen(mark + 2) + 1);
        mark[2] = '0';
    }
}

/* ---- formats ------------------------------------------------------------------------------- */

/* FloatingFormat: how the floats of one array, or one part of its complex numbers, are written. */
typedef struct {
    int imaginary, is_float32;
    char sign;
    int exponential, unique, most, least, exponent_digits;
    int left, right;         /* pad_left, pad_right */
    double largest, smallest;
    int any_finite, any_negative, any_special, special;
} FloatFormat;

typedef struct {
    const mnp_array *array;
    int summary;
    int is_float, is_complex;
    FloatFormat real, imaginary;
    int width;               /* of integers and bools */
    const char *separator;
    int indent, limit;       /* of lines that follow, and the widest that one may be */
    int column, blanks;      /* where the current line stands; blanks that end it so far */
} Style;

static int shown(const Style *style, int axis, int64_t i) {
    int64_t n = style->array->shape[axis], edge = options[OPTION_EDGE];
    return !style->summary || n <= 2 * edge || i < edge || i >= n - edge;
}

static void visit(Style *style, int axis, int64_t offset, void (*use)(Style *, int64_t)) {
    if (axis == style->array->rank) {
        use(style, offset);
        return;
    }
    for (int64_t i = 0; i < style->array->shape[axis]; i++)
        if (shown(style, axis, i))
            visit(style, axis + 1, offset + i * style->array->strides[axis], use);
}

static void note_range(FloatFormat *format, double value) {
    double magnitude = fabs(value);
    if (!isfinite(value)) {
        /* A minus counts beside inf where signs are shown anyway. */
        int length = isnan(value) ? 3 : 3 + (value < 0);
        format->any_special = 1;
        format->special = length > format->special ? length : format->special;
        return;
    }
    format->any_finite = 1;
    format->any_negative |= signbit(value) != 0;
    if (magnitude != 0) {
        format->largest = magnitude > format->largest ? magnitude : format->largest;
        format->smallest = magnitude < format->smallest ? magnitude : format->smallest;
    }
}

static void find_range(Style *style, int64_t offset) {
    note_range(&style->real, element_part(style->array, offset, 0));
    if (style->is_complex)
        note_range(&style->imaginary, element_part(style->array, offset, 1));
}

static int needs_exponent(const FloatFormat *format) {
    int wide;
    if (format->largest == 0)
        return 0;
    if (format->is_float32)
        wide = (float)format->smallest < 0.0001f || (float)format->largest / (float)format->smallest > 1000.0f;
    else
        wide = format->smallest < 0.0001 || format->largest / format->smallest > 1000.0;
    return format->largest >= (format->is_float32 ? 1e6 : 1e8) || (!options[OPTION_SUPPRESS] && wide);
}

/* The first pass's text of a number, with its sign. */
static void first_text(const FloatFormat *format, double value, char *out) {
    char *at = out;
    if (format->sign == '+' && !signbit(value))
        *at++ = '+';
    if (format->exponential)
        scientific(value, format->is_float32, format->unique, format->most, 0, 2, at);
    else
        positional(value, format->is_float32, format->unique, format->most, 0, at);
}

static void note_width(FloatFormat *format, double value) {
    char text[TEXT_MAX + 2];
    if (!isfinite(value))
        return;
    first_text(format, value, text);
    int left = (int)strcspn(text, "."), right = (int)strcspn(text + left + 1, "e");
    format->left = left > format->left ? left : format->left;
    format->right = right > format->right ? right : format->right;
    if (format->exponential) {
        int digits = (int)strlen(text + left + 1 + right + 2);
        format->exponent_digits = digits > format->exponent_digits ? digits : format->exponent_digits;
    }
}

static void find_float_width(Style *style, int64_t offset) {
    note_width(&style->real, element_part(style->array, offset, 0));
    if (style->is_complex)
        note_width(&style->imaginary, element_part(style->array, offset, 1));
}

/* After the first pass: digits that all elements get, and room for nan and inf. */
static void settle(FloatFormat *format) {
    int mode = (int)options[OPTION_MODE], frac = format->right;
    if (format->exponential && format->any_finite) {
        format->most = format->least = frac;
        format->right = format->exponent_digits + 2 + frac;
    } else if (mode == MODE_FIXED || mode == MODE_MAXPREC_EQUAL) {
        format->most = format->least = frac;
    }
    if (format->sign == ' ' && !format->any_negative)
        format->left++;
    if (!format->any_special)
        return;
    int special = format->special;
    if (format->sign != '-' && special < 4)
        special = 4;
    int room = special - format->right - 1;
    format->left = room > format->left ? room : format->left;
}

static void start_format(FloatFormat *format, int is_float32, int imaginary) {
    int mode = (int)options[OPTION_MODE];
    *format = (FloatFormat){.imaginary = imaginary, .is_float32 = is_float32, .smallest = INFINITY};
    format->sign = imaginary ? '+' : (char)options[OPTION_SIGN];
    format->unique = mode != MODE_FIXED;
    format->most = mode == MODE_UNIQUE ? -1 : (int)options[OPTION_PRECISION];
}

static void find_int_width(Style *style, int64_t offset) {
    char text[32], sign = (char)options[OPTION_SIGN];
    int64_t value = element_int(style->array, offset);
    int is_unsigned = style->array->dtype == MNP_U64;
    int length = is_unsigned ? snprintf(text, sizeof text, "%llu", (unsigned long long)value)
                             : snprintf(text, sizeof text, "%lld", (long long)value);
    length += sign != '-' && (is_unsigned || value >= 0);
    style->width = length > style->width ? length : style->width;
}

/* sign=' ' counts only where no element is negative (IntegerFormat). */
static void find_int_sign(Style *style, int64_t offset) {
    style->real.any_negative |= style->array->dtype != MNP_U64 && element_int(style->array, offset) < 0;
}

static void start_style(Style *style) {
    int dtype = style->array->dtype;
    style->is_complex = dtype == MNP_C64 || dtype == MNP_C128;
    style->is_float = style->is_complex || dtype == MNP_F32 || dtype == MNP_F64;
    style->summary = element_total(style->array) > options[OPTION_THRESHOLD];
    if (dtype == MNP_BOOL) {
        style->width = style->array->rank ? 5 : 0;
        return;
    }
    if (!style->is_float) {
        int64_t sign = options[OPTION_SIGN];
        visit(style, 0, 0, find_int_sign);
        if (sign == ' ' && style->real.any_negative)
            options[OPTION_SIGN] = '-';
        visit(style, 0, 0, find_int_width);
        style->real.sign = (char)options[OPTION_SIGN];
        options[OPTION_SIGN] = sign;
        return;
    }
    start_format(&style->real, dtype == MNP_F32 || dtype == MNP_C64, 0);
    start_format(&style->imaginary, dtype == MNP_C64, 1);
    visit(style, 0, 0, find_range);
    style->real.exponential = needs_exponent(&style->real);
    style->imaginary.exponential = needs_exponent(&style->imaginary);
    visit(style, 0, 0, find_float_width);
    settle(&style->real);
    settle(&style->imaginary);
}

/* FloatingFormat.__call__ */
static void float_text(const FloatFormat *format, double value, char *out, size_t size) {
    char text[TEXT_MAX + 2], *at = text;
    if (!isfinite(value)) {
        const char *sign = !isnan(value) && value < 0 ? "-" : format->sign == '+' ? "+" : "";
        snprintf(text, sizeof text, "%s%s", sign, isnan(value) ? "nan" : "inf");
        snprintf(out, size, "%*s", format->left + format->right + 1, text);
        return;
    }
    if (format->sign == '+' && !signbit(value))
        *at++ = '+';
    if (format->exponential) {
        scientific(value, format->is_float32, format->unique, format->most, format->least, format->exponent_digits, at);
        snprintf(out, size, "%*s%s", format->left - (int)strcspn(text, "."), "", text);
        return;
    }
    positional(value, format->is_float32, format->unique, format->most, format->least, at);
    int left = (int)strcspn(text, "."), right = (int)strlen(text) - left - 1;
    snprintf(out, size, "%*s%s%*s", format->left > left ? format->left - left : 0, "", text,
             format->right > right ? format->right - right : 0, "");
}

static void complex_text(const Style *style, int64_t offset, char *out, size_t size) {
    char imaginary[TEXT_MAX + 64];
    float_text(&style->real, element_part(style->array, offset, 0), out, size);
    float_text(&style->imaginary, element_part(style->array, offset, 1), imaginary, sizeof imaginary);
    int solid = (int)strlen(imaginary);
    while (solid && imaginary[solid - 1] == ' ')
        solid--;
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%.*sj%s", solid, imaginary, imaginary + solid);
}

static void element_text(const Style *style, int64_t offset, char *out, size_t size) {
    const mnp_array *array = style->array;
    if (style->is_complex) {
        complex_text(style, offset, out, size);
    } else if (style->is_float) {
        float_text(&style->real, element_float(array, offset), out, size);
    } else if (array->dtype == MNP_BOOL) {
        snprintf(out, size, "%*s", style->width, element_int(array, offset) ? "True" : "False");
    } else {
        char text[32];
        int64_t value = element_int(array, offset);
        const char *sign = style->real.sign == '-' || (array->dtype != MNP_U64 && value < 0) ? ""
                           : style->real.sign == '+'                                        ? "+"
                                                                                            : " ";
        snprintf(text, sizeof text, array->dtype == MNP_U64 ? "%s%llu" : "%s%lld", sign, (long long)value);
        snprintf(out, size, "%*s", style->width, text);
    }
}

/* ---- lines --------------------------------------------------------------------------------- */

/* Writes a word but for the blanks at its end, which wait for what follows. */
static void put_text(Style *style, const char *word) {
    size_t length = strlen(word), solid = length;
    while (solid && word[solid - 1] == ' ')
        solid--;
    for (; solid && style->blanks; style->blanks--)
        text_out(" ", 1);
    text_out(word, solid);
    style->blanks += (int)(length - solid);
    style->column += (int)length;
}

static void newline(Style *style, int count, int depth) {
    style->blanks = 0;
    for (; count > 0; count--)
        text_out("\n", 1);
    for (int i = 0; i < depth; i++)
        text_out(" ", 1);
    style->column = depth;
}

/* The closing bracket; blanks before it count. */
static void close_bracket(Style *style) {
    for (; style->blanks; style->blanks--)
        text_out(" ", 1);
    put_text(style, "]");
}

static int solid_length(const char *text) {
    int length = (int)strlen(text);
    while (length && text[length - 1] == ' ')
        length--;
    return length;
}

/* A row's words, wrapped where a line has no room for the brackets that may close behind its last
 * word (_extendLine). */
static void put_row(Style *style, int axis, int64_t offset) {
    const mnp_array *array = style->array;
    int64_t n = array->shape[axis];
    char text[2 * TEXT_MAX + 200];
    int depth = style->indent + axis, closing = solid_length(style->separator);
    for (int64_t i = 0; i < n; i++) {
        if (!shown(style, axis, i)) {
            snprintf(text, sizeof text, "...");
            i = n - options[OPTION_EDGE] - 1;
        } else {
            element_text(style, offset + i * array->strides[axis], text, sizeof text);
        }
        if (style->column > depth &&
            style->column + (int)strlen(text) > style->limit - axis - (closing > 1 ? closing : 1))
            newline(style, 1, depth);
        put_text(style, text);
        if (i < n - 1)
            put_text(style, style->separator);
    }
}

static void put_axis(Style *style, int axis, int64_t offset) {
    const mnp_array *array = style->array;
    char between[64];
    put_text(style, "[");
    if (axis == array->rank - 1) {
        put_row(style, axis, offset);
        close_bracket(style);
        return;
    }
    snprintf(between, sizeof between, "%.*s", solid_length(style->separator), style->separator);
    for (int64_t i = 0; i < array->shape[axis]; i++) {
        if (i) {
            put_text(style, between);
            newline(style, array->rank - 1 - axis, style->indent + axis);
        }
        if (!shown(style, axis, i)) {
            put_text(style, "...");
            i = array->shape[axis] - options[OPTION_EDGE] - 1;
            continue;
        }
        put_axis(style, axis + 1, offset + i * array->strides[axis]);
    }
    close_bracket(style);
}

static void put_array(Style *style) {
    char text[2 * TEXT_MAX + 200];
    if (element_total(style->array) == 0) {
        put_text(style, "[]");
        return;
    }
    start_style(style);
    if (style->array->rank) {
        put_axis(style, 0, 0);
        return;
    }
    element_text(style, 0, text, sizeof text);
    put_text(style, text);
}

/* ---- what compiled code calls -------------------------------------------------------------- */

/* The only element as its scalar is printed. */
static void print_element(const mnp_array *array) {
    switch (array->dtype) {
    case MNP_BOOL: mnp_print_bool(element_int(array, 0)); break;
    case MNP_F32: mnp_print_float32(element_float(array, 0)); break;
    case MNP_F64: mnp_print_float(element_float(array, 0)); break;
    case MNP_C64: case MNP_C128:
        mnp_print_complex(element_part(array, 0, 0), element_part(array, 0, 1), array->dtype == MNP_C64);
        break;
    case MNP_U64: mnp_print_uint(element_int(array, 0)); break;
    default: mnp_print_int(element_int(array, 0));
    }
}

void mnp_print_array(void *value) {
    const mnp_array *array = value;
    if (!array->rank) {
        print_element(array);
        return;
    }
    Style style = {.array = array, .separator = " ", .indent = 1, .limit = (int)options[OPTION_WIDTH]};
    put_array(&style);
}

static int put_alone(const mnp_array *array, const char *separator, int64_t prefix, int64_t suffix, void *text,
                     void *length) {
    Style style = {.array = array, .separator = separator, .indent = 1 + (int)prefix, .column = (int)prefix,
                   .limit = (int)(options[OPTION_WIDTH] - suffix)};
    if (mnp_text_begin())
        return 1;
    put_array(&style);
    for (; style.blanks; style.blanks--)
        text_out(" ", 1);
    return mnp_text_end(text, length);
}

/* np.array2string: the separator, how wide prefix and suffix are, and the options that this call has of its own (-1: the
 * one that is set). */
int mnp_array2string(void *value, void *separator, int64_t length, int64_t prefix, int64_t suffix, int64_t precision,
                     int64_t threshold, int64_t edge, int64_t width, int64_t suppress, int64_t sign, int64_t mode,
                     void *out, void *out_length) {
    const int64_t own[OPTION_COUNT] = {precision, threshold, edge, width, suppress, sign, mode};
    int64_t saved[OPTION_COUNT];
    char text[60];
    int status = 0;
    if (length >= (int64_t)sizeof text)
        return error_set("ValueError", "a separator of at most 59 bytes is supported");
    snprintf(text, sizeof text, "%.*s", (int)length, (char *)separator);
    memcpy(saved, options, sizeof saved);
    for (int i = 0; i < OPTION_COUNT && !status; i++)
        status = own[i] < 0 ? 0 : mnp_print_option(i, own[i]);
    status = status || put_alone(value, text, prefix, suffix, out, out_length);
    memcpy(options, saved, sizeof options);
    return status;
}

/* "shape=(0, 3), dtype=float32": what the elements do not tell; "" where they tell all. */
static void extras_text(const mnp_array *array, char *out, size_t size) {
    static const char *const names[] = {"bool", "int8", "int16", "int32", "int64", "uint8",
                                        "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"};
    int64_t count = element_total(array);
    int implied = array->dtype == MNP_BOOL || array->dtype == MNP_I64 || array->dtype == MNP_F64 ||
                  array->dtype == MNP_C128;
    size_t length = 0;
    out[0] = 0;
    if ((count == 0 && array->rank != 1) || count > options[OPTION_THRESHOLD]) {
        length += (size_t)snprintf(out, size, "shape=(");
        for (int axis = 0; axis < array->rank; axis++)
            length += (size_t)snprintf(out + length, size - length, "%s%lld", axis ? ", " : "",
                                       (long long)array->shape[axis]);
        length += (size_t)snprintf(out + length, size - length, array->rank == 1 ? ",)" : ")");
    }
    if (!implied || count == 0)
        snprintf(out + length, size - length, "%sdtype=%s", length ? ", " : "", names[array->dtype]);
}

/* As repr shows an array (_array_repr_implementation). */
void mnp_print_array_repr(void *value) {
    int width = (int)options[OPTION_WIDTH];
    Style style = {.array = value, .separator = ", ", .indent = 7, .limit = width - 1};
    char extras[400];
    put_text(&style, "array(");
    put_array(&style);
    extras_text(value, extras, sizeof extras);
    if (*extras) {
        put_text(&style, ",");
        if (style.column + (int)strlen(extras) + 2 > width)
            newline(&style, 1, 6);
        else
            put_text(&style, " ");
        put_text(&style, extras);
    }
    for (; style.blanks; style.blanks--)
        text_out(" ", 1);
    put_text(&style, ")");
}
