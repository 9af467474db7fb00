/* array.c: elements, and arrays printed as NumPy's str does (arrayprint.py): precision 8, lines of
 * 75 characters, a summary above 1000 elements. */
#include "runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_WIDTH = 75, THRESHOLD = 1000, EDGE = 3, PRECISION = 8 };

int64_t element_int(const mnp_array *array, int64_t offset) {
    const void *data = array->data;
    switch (array->dtype) {
    case MNP_BOOL: case MNP_U8: return ((const uint8_t *)data)[offset];
    case MNP_I8: return ((const int8_t *)data)[offset];
    case MNP_I16: return ((const int16_t *)data)[offset];
    case MNP_I32: return ((const int32_t *)data)[offset];
    case MNP_I64: case MNP_U64: return ((const int64_t *)data)[offset];
    case MNP_U16: return ((const uint16_t *)data)[offset];
    case MNP_U32: return ((const uint32_t *)data)[offset];
    default: return (int64_t)element_float(array, offset);
    }
}

double element_float(const mnp_array *array, int64_t offset) {
    if (array->dtype == MNP_F64)
        return ((const double *)array->data)[offset];
    if (array->dtype == MNP_F32)
        return (double)((const float *)array->data)[offset];
    int64_t value = element_int(array, offset);
    return array->dtype == MNP_U64 ? (double)(uint64_t)value : (double)value;
}

/* How the elements of one array are written. */
typedef struct {
    const mnp_array *array;
    int is_float, is_float32, exponential, summary;
    int left, right;         /* digits on both sides of the point; all of it for integers */
    const char *separator;   /* " " or ", " */
    int indent, width;       /* of lines that follow, and the widest that one may be */
    int column;              /* where the current line stands */
    int blanks;              /* that end the line so far: not written before a line's end */
    int exponent_digits;
    double largest, smallest;   /* magnitudes of finite elements; smallest of those that are not 0 */
    int special;                /* the longest of nan, inf, -inf among the elements */
} Style;

static int shown(const Style *style, int axis, int64_t i) {
    int64_t n = style->array->shape[axis];
    return !style->summary || n <= 2 * EDGE || i < EDGE || i >= n - EDGE;
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

/* Shortest digits, at most PRECISION behind the point, trailing zeros cut. */
static void positional(const Style *style, double value, char *text, size_t size) {
    char repr[48];
    float_repr(value, style->is_float32, repr, sizeof repr);
    char *point = strchr(repr, '.');
    if (strchr(repr, 'e') || !point || strlen(point + 1) > PRECISION) {
        snprintf(text, size, "%.*f", PRECISION, value);
        char *end = text + strlen(text);
        while (end[-1] == '0')
            *--end = 0;
        return;
    }
    snprintf(text, size, "%s", repr);
    if (!strcmp(point, ".0"))
        *strchr(text, '.') = '.', text[strlen(text) - 1] = 0;
}

/* The same with an exponent; padded with zeros to the digits that the widest element has. */
static void scientific(const Style *style, double value, char *text, size_t size) {
    char digits[48];
    int precision = 0;
    for (; precision < PRECISION; precision++) {
        snprintf(digits, sizeof digits, "%.*e", precision, value);
        double back = style->is_float32 ? (double)strtof(digits, NULL) : strtod(digits, NULL);
        if (back == value)
            break;
    }
    snprintf(digits, sizeof digits, "%.*e", precision, value);
    char *mark = strchr(digits, 'e');
    while (precision > 0 && mark[-1] == '0')
        mark--, precision--;
    snprintf(text, size, "%.*e", precision > style->right ? precision : style->right, value);
    if (!strchr(text, '.')) {
        mark = strchr(text, 'e');
        memmove(mark + 1, mark, strlen(mark) + 1);
        *mark = '.';
    }
    mark = strchr(text, 'e') + 2;
    if (style->exponent_digits == 5 && strlen(mark) == 2) {
        memmove(mark + 1, mark, 3);
        *mark = '0';
    }
}

static void find_range(Style *style, int64_t offset) {
    double value = fabs(element_float(style->array, offset));
    if (isfinite(value) && value != 0) {
        style->largest = value > style->largest ? value : style->largest;
        style->smallest = value < style->smallest ? value : style->smallest;
    }
}

/* The bounds in the array's own precision, as NumPy compares them. */
static int needs_exponent(const Style *style) {
    if (style->is_float32)
        return style->largest >= 1e6 || (float)style->smallest < 1e-4f || (float)style->largest / (float)style->smallest > 1000.0f;
    return style->largest >= 1e8 || style->smallest < 1e-4 || style->largest / style->smallest > 1000.0;
}

static void find_width(Style *style, int64_t offset) {
    char text[400];
    if (!style->is_float) {
        int64_t value = element_int(style->array, offset);
        int length = style->array->dtype == MNP_BOOL ? 5
                     : style->array->dtype == MNP_U64
                         ? snprintf(text, sizeof text, "%llu", (unsigned long long)value)
                         : snprintf(text, sizeof text, "%lld", (long long)value);
        style->left = length > style->left ? length : style->left;
        return;
    }
    double value = element_float(style->array, offset);
    if (!isfinite(value))
        return;
    (style->exponential ? scientific : positional)(style, value, text, sizeof text);
    int left = (int)strcspn(text, ".");
    int right = (int)strcspn(text + left + 1, "e");
    style->left = left > style->left ? left : style->left;
    style->right = right > style->right ? right : style->right;
}

static void find_special(Style *style, int64_t offset) {
    double value = element_float(style->array, offset);
    if (!isfinite(value)) {
        int length = isnan(value) ? 3 : value < 0 ? 4 : 3;
        style->special = length > style->special ? length : style->special;
    }
}

static void element_text(Style *style, int64_t offset, char *out, size_t size) {
    char text[400];
    const mnp_array *array = style->array;
    if (!style->is_float) {
        int64_t value = element_int(array, offset);
        if (array->dtype == MNP_BOOL)
            snprintf(out, size, "%*s", style->left, value ? "True" : "False");
        else if (array->dtype == MNP_U64)
            snprintf(out, size, "%*llu", style->left, (unsigned long long)value);
        else
            snprintf(out, size, "%*lld", style->left, (long long)value);
        return;
    }
    double value = element_float(array, offset);
    int width = style->left + 1 + style->right + (style->exponential ? style->exponent_digits : 0);
    if (!isfinite(value)) {
        snprintf(out, size, "%*s", width, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    if (style->exponential) {
        scientific(style, value, text, sizeof text);
        snprintf(out, size, "%*s", width, text);
        return;
    }
    positional(style, value, text, sizeof text);
    int left = (int)strcspn(text, "."), right = (int)strlen(text) - left - 1;
    snprintf(out, size, "%*s%s%*s", style->left - left, "", text, style->right - right, "");
}

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

/* A row's words, wrapped where a line has no room for the brackets that may close behind its last
 * word (_extendLine). */
static void put_row(Style *style, int axis, int64_t offset) {
    const mnp_array *array = style->array;
    int64_t n = array->shape[axis];
    char text[420];
    int depth = style->indent + axis;
    for (int64_t i = 0; i < n; i++) {
        if (!shown(style, axis, i)) {
            snprintf(text, sizeof text, "...");
            i = n - EDGE - 1;
        } else {
            element_text(style, offset + i * array->strides[axis], text, sizeof text);
        }
        if (style->column > depth && style->column + (int)strlen(text) > style->width - axis - 1)
            newline(style, 1, depth);
        put_text(style, text);
        if (i < n - 1)
            put_text(style, style->separator);
    }
}

static void put_axis(Style *style, int axis, int64_t offset) {
    const mnp_array *array = style->array;
    put_text(style, "[");
    if (axis == array->rank - 1) {
        put_row(style, axis, offset);
        close_bracket(style);
        return;
    }
    for (int64_t i = 0; i < array->shape[axis]; i++) {
        if (i && style->separator[0] == ',')
            put_text(style, ",");
        if (i)
            newline(style, array->rank - 1 - axis, style->indent + axis);
        if (!shown(style, axis, i)) {
            put_text(style, "...");
            i = array->shape[axis] - EDGE - 1;
            continue;
        }
        put_axis(style, axis + 1, offset + i * array->strides[axis]);
    }
    close_bracket(style);
}

static int64_t element_total(const mnp_array *array) {
    int64_t count = 1;
    for (int axis = 0; axis < array->rank; axis++)
        count *= array->shape[axis];
    return count;
}

/* Finds the width of the elements and writes them all. */
static void put_array(Style *style) {
    int64_t count = element_total(style->array);
    if (count == 0) {
        put_text(style, "[]");
        return;
    }
    style->is_float = style->array->dtype >= MNP_F32;
    style->is_float32 = style->array->dtype == MNP_F32;
    style->summary = count > THRESHOLD;
    style->smallest = INFINITY;
    if (style->is_float) {
        visit(style, 0, 0, find_range);
        style->exponential = style->largest > 0 && needs_exponent(style);
        style->exponent_digits = style->largest >= 1e100 || style->smallest < 1e-99 ? 5 : 4;
        visit(style, 0, 0, find_special);
    }
    visit(style, 0, 0, find_width);
    int width = style->left + (style->is_float ? 1 + style->right : 0);
    if (style->special > width)
        style->left += style->special - width;
    if (style->array->rank) {
        put_axis(style, 0, 0);
        return;
    }
    char text[420];
    element_text(style, 0, text, sizeof text);
    put_text(style, text);
}

/* The only element as its scalar is printed. */
static void print_element(const mnp_array *array) {
    if (array->dtype == MNP_BOOL)
        mnp_print_bool(element_int(array, 0));
    else if (array->dtype == MNP_F32)
        mnp_print_float32(element_float(array, 0));
    else if (array->dtype == MNP_F64)
        mnp_print_float(element_float(array, 0));
    else if (array->dtype == MNP_U64)
        mnp_print_uint(element_int(array, 0));
    else
        mnp_print_int(element_int(array, 0));
}

void mnp_print_array(void *value) {
    if (!((mnp_array *)value)->rank) {
        print_element(value);
        return;
    }
    Style style = {.array = value, .separator = " ", .indent = 1, .width = LINE_WIDTH};
    put_array(&style);
}

/* "shape=(0, 3), dtype=float32": what the elements do not tell; "" where they tell all. */
static void extras_text(const mnp_array *array, char *out, size_t size) {
    static const char *const names[] = {"bool", "int8", "int16", "int32", "int64", "uint8",
                                        "uint16", "uint32", "uint64", "float32", "float64", "complex64", "complex128"};
    int64_t count = element_total(array);
    int implied = array->dtype == MNP_BOOL || array->dtype == MNP_I64 || array->dtype == MNP_F64;
    size_t length = 0;
    out[0] = 0;
    if ((count == 0 && array->rank > 1) || count > THRESHOLD) {
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
    Style style = {.array = value, .separator = ", ", .indent = 7, .width = LINE_WIDTH - 1};
    char extras[400];
    put_text(&style, "array(");
    put_array(&style);
    extras_text(value, extras, sizeof extras);
    if (*extras) {
        put_text(&style, ",");
        if (style.column + (int)strlen(extras) + 2 > LINE_WIDTH)
            newline(&style, 1, 6);
        else
            put_text(&style, " ");
        put_text(&style, extras);
    }
    put_text(&style, ")");
}
