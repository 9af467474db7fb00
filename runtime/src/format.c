/* format.c: format specifications, as CPython 3.11 reads them and fills them in: start at the functions at the end, one a kind of
 * value. The options that a kind does not take are errors, as there. */
#include "runtime.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* [[fill]align][sign][z][#][0][width][grouping][.precision][type] */
typedef struct {
    char fill[5];               /* one character of UTF-8 */
    char align, sign, type, grouping;
    int alternate, positive_zero, width, precision;
} Spec;

enum { NUMBER_MAX = 1500, COUNT_MAX = 100000, DIGITS_LIMIT = 1000 };

/* ---- reading ------------------------------------------------------------------------------- */

static int is_align(char c) {
    return c && strchr("<>=^", c) != NULL;
}

/* Bytes of the character of UTF-8 that starts here. */
static int character_length(const char *at, const char *end) {
    int length = 1;
    while (at + length < end && length < 4 && ((unsigned char)at[length] & 0xc0) == 0x80)
        length++;
    return length;
}

static const char *parse_align(const char *at, const char *end, Spec *spec) {
    int length = at < end ? character_length(at, end) : 0;
    if (length && at + length < end && is_align(at[length])) {
        memcpy(spec->fill, at, (size_t)length);
        spec->align = at[length];
        return at + length + 1;
    }
    if (length && is_align(*at))
        spec->align = *at++;
    return at;
}

/* A number of digits, at most `limit`. */
static const char *parse_count(const char *at, const char *end, int limit, int *count) {
    *count = 0;
    for (; at < end && isdigit((unsigned char)*at); at++)
        *count = *count < limit ? *count * 10 + *at - '0' : *count;
    return at;
}

static int parse_tail(const char *at, const char *end, Spec *spec) {
    if (at < end && (*at == ',' || *at == '_'))
        spec->grouping = *at++;
    if (at < end && (*at == ',' || *at == '_'))
        return error_set("ValueError", "Cannot specify both ',' and '_'.");
    if (at < end && *at == '.') {
        const char *digits = at + 1;
        at = parse_count(digits, end, DIGITS_LIMIT, &spec->precision);
        if (at == digits)
            return error_set("ValueError", "Format specifier missing precision");
    }
    if (at < end)
        spec->type = *at++;
    if (at < end)
        return error_set("ValueError", "Invalid format specifier");
    if (spec->grouping && spec->type && !strchr("defgEG%F", spec->type) &&
        !(spec->grouping == '_' && strchr("boxX", spec->type)))
        return error_set("ValueError", "Cannot specify '%c' with '%c'.", spec->grouping, spec->type);
    return 0;
}

/* `align`: where the text stands unless that is told. */
static int parse_spec(const char *at, const char *end, char align, Spec *spec) {
    *spec = (Spec){.precision = -1};
    at = parse_align(at, end, spec);
    if (at < end && strchr("+- ", *at))
        spec->sign = *at++;
    if (at < end && *at == 'z')
        spec->positive_zero = 1, at++;
    if (at < end && *at == '#')
        spec->alternate = 1, at++;
    if (at < end && *at == '0' && !*spec->fill) {
        *spec->fill = '0';
        if (!spec->align && align == '>')
            spec->align = '=';
        at++;
    }
    at = parse_count(at, end, COUNT_MAX, &spec->width);
    spec->align = spec->align ? spec->align : align;
    if (!*spec->fill)
        *spec->fill = ' ';
    return parse_tail(at, end, spec);
}

static int unknown_type(const Spec *spec, const char *kind) {
    return error_set("ValueError", "Unknown format code '%c' for object of type '%s'", spec->type, kind);
}

/* ---- writing ------------------------------------------------------------------------------- */

static void repeat_fill(const Spec *spec, int count) {
    while (count-- > 0)
        text_out(spec->fill, strlen(spec->fill));
}

/* `body` behind its sign and prefix, padded to the width. */
static void put_padded(const Spec *spec, const char *sign, const char *body, size_t length) {
    int characters = (int)strlen(sign);
    for (size_t i = 0; i < length; i++)
        characters += ((unsigned char)body[i] & 0xc0) != 0x80;
    int padding = spec->width > characters ? spec->width - characters : 0;
    int left = spec->align == '>' ? padding : spec->align == '^' ? padding / 2 : 0;
    repeat_fill(spec, left);
    text_out(sign, strlen(sign));
    if (spec->align == '=')
        repeat_fill(spec, padding);
    text_out(body, length);
    repeat_fill(spec, spec->align == '=' || spec->align == '>' ? 0 : padding - left);
}

/* Separators between groups of digits of the integer part, which zeros fill to `width`. */
static void group_digits(char *text, char separator, int group, int width) {
    const char *digit = group == 4 ? "0123456789abcdefABCDEF" : "0123456789";
    for (;;) {
        int digits = (int)strspn(text, digit), length = (int)strlen(text), marks = digits ? (digits - 1) / group : 0;
        if (length + marks >= width || length + marks + 2 > NUMBER_MAX)
            break;
        memmove(text + 1, text, (size_t)length + 1);
        text[0] = '0';
    }
    size_t length = strlen(text);
    for (int at = (int)strspn(text, digit); at > group && length + 2 <= NUMBER_MAX; at -= group) {
        memmove(text + at - group + 1, text + at - group, length - (size_t)(at - group) + 1);
        text[at - group] = separator;
        length++;
    }
}

/* The width that zeros fill behind a sign of `length`; 0 where blanks or nothing fill it. */
static int zero_width(const Spec *spec, size_t length) {
    return *spec->fill == '0' && spec->align == '=' ? spec->width - (int)length : 0;
}

static const char *sign_text(char sign, int negative) {
    return negative ? "-" : sign == '+' ? "+" : sign == ' ' ? " " : "";
}

/* ---- floats -------------------------------------------------------------------------------- */

static void convert_by_c(double value, char type, int precision, int alternate, char *text) {
    char format[16];
    snprintf(format, sizeof format, "%%%s.*%c", alternate ? "#" : "", type);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, NUMBER_MAX, format, precision, value);
#pragma GCC diagnostic pop
}

/* %#g by its definition in C: the GNU C library loses zeros where a carry makes a number longer (99999.95 in 5 digits). */
static void convert_general(double value, char type, int precision, char *text) {
    precision = precision ? precision : 1;
    convert_by_c(value, type == 'g' ? 'e' : 'E', precision - 1, 1, text);
    int exponent = atoi(strpbrk(text, "eE") + 1);
    if (exponent >= -4 && exponent < precision)
        convert_by_c(value, 'f', precision - 1 - exponent, 1, text);
}

/* By C's conversion of that type. */
static void convert(double value, char type, int precision, int alternate, char *text) {
    if (alternate && (type == 'g' || type == 'G'))
        convert_general(value, type, precision, text);
    else
        convert_by_c(value, type, precision, alternate, text);
}

/* Without a type: %g that keeps a digit behind the point, and turns to an exponent one digit earlier. */
static void short_text(double value, int precision, int alternate, char *text) {
    char rounded[NUMBER_MAX];
    precision = precision ? precision : 1;
    snprintf(rounded, sizeof rounded, alternate ? "%#.*e" : "%.*e", precision - 1, value);
    char *mark = strchr(rounded, 'e');
    int exponent = atoi(mark + 1);
    if (exponent >= precision - 1 && exponent >= -4 && exponent < precision) {
        char *end = mark;
        if (!alternate && memchr(rounded, '.', (size_t)(mark - rounded))) {
            while (end[-1] == '0')
                end--;
            end -= end[-1] == '.';
        }
        snprintf(text, NUMBER_MAX, "%.*s%s", (int)(end - rounded), rounded, mark);
        return;
    }
    convert(value, 'g', precision, alternate, text);
    if (!strpbrk(text, ".en"))
        strcat(text, ".0");
}

/* The shortest text; `alternate`: with a point in any case. */
static void repr_text(double value, int alternate, char *text) {
    float_repr(value, 0, text, NUMBER_MAX);
    char *mark = strchr(text, 'e');
    if (alternate && mark && !strchr(text, '.')) {
        memmove(mark + 1, mark, strlen(mark) + 1);
        *mark = '.';
    }
}

/* A value that is not negative. `bare`: a part of a complex number, which needs no point. */
static void positive_text(double value, const Spec *spec, int bare, char *text) {
    int precision = spec->precision < 0 ? 6 : spec->precision;
    int is_upper = spec->type && strchr("EFG", spec->type) != NULL;
    if (!isfinite(value))
        snprintf(text, NUMBER_MAX, "%s%s", isnan(value) ? is_upper ? "NAN" : "nan" : is_upper ? "INF" : "inf",
                 spec->type == '%' ? "%" : "");
    else if (spec->type == '%')
        convert(value * 100, 'f', precision, spec->alternate, text), strcat(text, "%");
    else if (spec->type)
        convert(value, spec->type == 'n' ? 'g' : spec->type, precision, spec->alternate, text);
    else if (spec->precision >= 0 && bare)
        convert(value, 'g', precision ? precision : 1, spec->alternate, text);
    else if (spec->precision >= 0)
        short_text(value, precision, spec->alternate, text);
    else
        repr_text(value, spec->alternate, text);
    size_t length = strlen(text);
    if (bare && !spec->type && spec->precision < 0 && length > 2 && !strcmp(text + length - 2, ".0"))
        text[length - 2 + spec->alternate] = 0;
}

/* Is every digit before the exponent a zero? */
static int shows_zero(const char *text) {
    return strspn(text, "0.") == strcspn(text, "eE%");
}

/* The text without its sign; is it negative? */
static int float_text(double value, const Spec *spec, int bare, char *text) {
    int negative = signbit(value) && !isnan(value);
    positive_text(negative ? -value : value, spec, bare, text);
    return negative && !(spec->positive_zero && isfinite(value) && shows_zero(text));
}

int mnp_format_float(double value, void *format, int64_t format_length) {
    Spec spec;
    char text[NUMBER_MAX + 8];
    if (parse_spec(format, (char *)format + format_length, '>', &spec))
        return 1;
    if (spec.type && !strchr("eEfFgG%n", spec.type))
        return unknown_type(&spec, "float");
    const char *sign = sign_text(spec.sign, float_text(value, &spec, 0, text));
    if (spec.grouping && isfinite(value))
        group_digits(text, spec.grouping, 3, zero_width(&spec, strlen(sign)));
    put_padded(&spec, sign, text, strlen(text));
    return 0;
}

int mnp_format_complex(double re, double im, void *format, int64_t format_length) {
    Spec spec;
    char real[NUMBER_MAX + 8], imaginary[NUMBER_MAX + 8], text[2 * NUMBER_MAX + 32];
    if (parse_spec(format, (char *)format + format_length, '>', &spec))
        return 1;
    if (spec.type && !strchr("eEfFgGn", spec.type))
        return unknown_type(&spec, "complex");
    if (*spec.fill == '0')
        return error_set("ValueError", "Zero padding is not allowed in complex format specifier");
    if (spec.align == '=')
        return error_set("ValueError", "'=' alignment flag is not allowed in complex format specifier");
    int is_plain = !spec.type, has_real = !is_plain || re != 0 || signbit(re);
    int re_negative = float_text(re, &spec, 1, real), im_negative = float_text(im, &spec, 1, imaginary);
    if (spec.grouping) {
        group_digits(real, spec.grouping, 3, 0);
        group_digits(imaginary, spec.grouping, 3, 0);
    }
    if (has_real)
        snprintf(text, sizeof text, "%s%s%s%s%sj%s", is_plain ? "(" : "", sign_text(spec.sign, re_negative), real,
                 sign_text('+', im_negative), imaginary, is_plain ? ")" : "");
    else
        snprintf(text, sizeof text, "%s%sj", sign_text(spec.sign, im_negative), imaginary);
    put_padded(&spec, "", text, strlen(text));
    return 0;
}

/* ---- ints and strings ---------------------------------------------------------------------- */

/* The digits of a number to the base of a power of two. */
static void digits_text(uint64_t value, int bits, const char *digits, char *text) {
    char reversed[65];
    int count = 0;
    do
        reversed[count++] = digits[value & ((1u << bits) - 1)];
    while (value >>= bits);
    while (count)
        *text++ = reversed[--count];
    *text = 0;
}

static int put_character(const Spec *spec, int64_t value) {
    char text[5] = "";
    if (spec->sign || spec->alternate)
        return error_set("ValueError", "%s not allowed with integer format specifier 'c'",
                         spec->sign ? "Sign" : "Alternate form (#)");
    if (value < 0 || value >= 0x110000)
        return error_set("OverflowError", "%%c arg not in range(0x110000)");
    int more = value < 0x80 ? 0 : value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    for (int i = more; i > 0; i--, value >>= 6)
        text[i] = (char)(0x80 | (value & 63));
    text[0] = more ? (char)((0xff00 >> (more + 1) & 0xff) | value) : (char)value;
    put_padded(spec, "", text, (size_t)more + 1);
    return 0;
}

static int format_whole(int is_negative, uint64_t magnitude, void *format, int64_t format_length) {
    static const struct {
        char type;
        int bits;
        const char *prefix, *digits;
    } bases[] = {{'b', 1, "0b", "01"}, {'o', 3, "0o", "01234567"}, {'x', 4, "0x", "0123456789abcdef"},
                 {'X', 4, "0X", "0123456789ABCDEF"}};
    Spec spec;
    char text[NUMBER_MAX + 8], sign[8];
    const char *prefix = "";
    int group = 3;
    if (parse_spec(format, (char *)format + format_length, '>', &spec))
        return 1;
    if (spec.type && strchr("eEfFgG%", spec.type))
        return mnp_format_float(is_negative ? -(double)magnitude : (double)magnitude, format, format_length);
    if (spec.type && !strchr("dnxXobc", spec.type))
        return unknown_type(&spec, "int");
    if (spec.precision >= 0)
        return error_set("ValueError", "Precision not allowed in integer format specifier");
    if (spec.positive_zero)
        return error_set("ValueError", "Negative zero coercion (z) not allowed in format specifier with integer presentation type");
    if (spec.type == 'c')
        return put_character(&spec, is_negative || magnitude > 0x110000 ? -1 : (int64_t)magnitude);
    snprintf(text, sizeof text, "%llu", (unsigned long long)magnitude);
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (spec.type == bases[i].type) {
            digits_text(magnitude, bases[i].bits, bases[i].digits, text);
            prefix = spec.alternate ? bases[i].prefix : "";
            group = 4;
        }
    snprintf(sign, sizeof sign, "%s%s", sign_text(spec.sign, is_negative), prefix);
    if (spec.grouping)
        group_digits(text, spec.grouping, group, zero_width(&spec, strlen(sign)));
    put_padded(&spec, sign, text, strlen(text));
    return 0;
}

int mnp_format_int(int64_t value, void *format, int64_t format_length) {
    return format_whole(value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, format, format_length);
}

int mnp_format_uint(int64_t value, void *format, int64_t format_length) {
    return format_whole(0, (uint64_t)value, format, format_length);
}

int mnp_format_string(void *bytes, int64_t length, void *format, int64_t format_length) {
    Spec spec;
    if (parse_spec(format, (char *)format + format_length, '<', &spec))
        return 1;
    if (spec.type && spec.type != 's')
        return unknown_type(&spec, "str");
    if (spec.sign || spec.alternate || spec.positive_zero || spec.align == '=' || spec.grouping)
        return error_set("ValueError", "a sign, 'z', '#', '=' or grouping is not allowed in string format specifier");
    const char *text = bytes, *end = text + length;
    for (int i = 0; spec.precision >= 0 && text < end; i++) {
        if (i == spec.precision)
            end = text;
        else
            text += character_length(text, end);
    }
    put_padded(&spec, "", bytes, (size_t)(end - (const char *)bytes));
    return 0;
}
