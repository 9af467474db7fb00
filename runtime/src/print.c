/* print.c: scalars as CPython prints them, and its format specifications. */
#include "runtime.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mnp_print_bytes(void *bytes, int64_t length) {
    text_out(bytes, (size_t)length);
}

void mnp_print_int(int64_t value) {
    char text[32];
    text_out(text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value));
}

void mnp_print_uint(int64_t value) {
    char text[32];
    text_out(text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)value));
}

void mnp_print_bool(int64_t value) {
    text_out(value ? "True" : "False", value ? 4 : 5);
}

void float_repr(double value, int is_float32, char *out, size_t size) {
    if (!isfinite(value)) {
        snprintf(out, size, "%s", isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    Decimal decimal = decimal_shortest(value, is_float32);
    const char *sign = decimal.negative ? "-" : "", *digits = decimal.digits;
    int exponent = decimal.exponent, count = decimal.count;
    /* NumPy's float32 turns to an exponent at its 6 digits; its 1e-4 is less than 1e-4. */
    if (is_float32 ? (value != 0 && fabs(value) < 1e-4) || exponent >= 6 : exponent < -4 || exponent >= 16) {
        snprintf(out, size, "%s%c%s%s%s%c%02d", sign, digits[0], count > 1 ? "." : "", digits + 1,
                 "e", exponent < 0 ? '-' : '+', abs(exponent));
    } else if (exponent < 0) {
        snprintf(out, size, "%s0.%.*s%s", sign, -exponent - 1, "0000", digits);
    } else if (count <= exponent + 1) {
        snprintf(out, size, "%s%s%.*s.0", sign, digits, exponent + 1 - count, "0000000000000000");
    } else {
        snprintf(out, size, "%s%.*s.%s", sign, exponent + 1, digits, digits + exponent + 1);
    }
}

void mnp_print_float(double value) {
    char text[40];
    float_repr(value, 0, text, sizeof text);
    text_out(text, strlen(text));
}

void mnp_print_float32(double value) {
    char text[40];
    float_repr(value, 1, text, sizeof text);
    text_out(text, strlen(text));
}

/* A part of a complex number: without a fraction that is 0. */
static void part_text(double value, int is_float32, char *out, size_t size) {
    float_repr(value, is_float32, out, size);
    size_t length = strlen(out);
    if (length > 2 && !strcmp(out + length - 2, ".0"))
        out[length - 2] = 0;
}

/* `kind`: 1 for parts of 32 bits, 2 without brackets. */
void mnp_print_complex(double re, double im, int64_t kind) {
    int is_float32 = (int)(kind & 1);
    char text[100], real[40], imaginary[40];
    part_text(re, is_float32, real, sizeof real);
    part_text(im, is_float32, imaginary, sizeof imaginary);
    const char *plus = signbit(im) && !isnan(im) ? "" : "+";
    const char *open = kind & 2 ? "" : "(", *close = kind & 2 ? "" : ")";
    if (re == 0 && !signbit(re))
        snprintf(text, sizeof text, "%sj", imaginary);
    else
        snprintf(text, sizeof text, "%s%s%s%sj%s", open, real, plus, imaginary, close);
    text_out(text, strlen(text));
}

/* ---- format specifications ----------------------------------------------------------------- */

/* [[fill]align][sign][#][0][width][,][.precision][type] */
typedef struct {
    char fill, align, sign, type, grouping;
    int alternate, zero, width, precision;   /* zero: alone it has chosen the alignment */
} Spec;

static int parse_spec(const char *at, const char *end, Spec *spec) {
    int filled = end - at >= 2 && strchr("<>=^", at[1]);
    *spec = (Spec){.fill = ' ', .precision = -1};
    if (end - at >= 2 && strchr("<>=^", at[1])) {
        spec->fill = at[0];
        spec->align = at[1];
        at += 2;
    } else if (at < end && strchr("<>=^", *at)) {
        spec->align = *at++;
    }
    if (at < end && strchr("+- ", *at))
        spec->sign = *at++;
    if (at < end && *at == '#')
        spec->alternate = 1, at++;
    if (at < end && *at == '0') {
        at++;
        spec->zero = !spec->align;
        spec->fill = filled ? spec->fill : '0';
        spec->align = spec->align ? spec->align : '=';
    }
    while (at < end && isdigit((unsigned char)*at) && spec->width < 100000)
        spec->width = spec->width * 10 + *at++ - '0';
    if (at < end && (*at == ',' || *at == '_'))
        spec->grouping = *at++;
    if (at < end && *at == '.') {
        spec->precision = 0;
        for (at++; at < end && isdigit((unsigned char)*at) && spec->precision < 1000; at++)
            spec->precision = spec->precision * 10 + *at - '0';
    }
    if (at < end)
        spec->type = *at++;
    return at == end ? 0 : error_set("ValueError", "Invalid format specifier");
}

static void repeat(char fill, int count) {
    while (count-- > 0)
        text_out(&fill, 1);
}

/* `body` behind its sign, padded to the width. */
static void put_padded(const Spec *spec, const char *sign, const char *body, size_t length,
                       char align) {
    int characters = (int)strlen(sign);
    for (size_t i = 0; i < length; i++)
        characters += ((unsigned char)body[i] & 0xc0) != 0x80;
    int padding = spec->width > characters ? spec->width - characters : 0;
    align = spec->align ? spec->align : align;
    int left = align == '>' ? padding : align == '^' ? padding / 2 : 0;
    repeat(spec->fill, left);
    text_out(sign, strlen(sign));
    if (align == '=')
        repeat(spec->fill, padding);
    text_out(body, length);
    repeat(spec->fill, align == '=' || align == '>' ? 0 : padding - left);
}

/* Separators between groups of so many digits of the integer part, which zeros fill to `width`. */
static void group_digits(char *text, size_t size, char separator, size_t group, int width) {
    const char *all = group == 3 ? "0123456789" : "0123456789abcdefABCDEF";
    for (;;) {
        size_t digits = strspn(text, all), length = strlen(text), marks = digits ? (digits - 1) / group : 0;
        if ((int)(length + marks) >= width || length + marks + 2 > size)
            break;
        memmove(text + 1, text, length + 1);
        text[0] = '0';
    }
    size_t digits = strspn(text, all), length = strlen(text);
    for (size_t at = digits; at > group; at -= group) {
        if (length + 2 > size)
            return;
        memmove(text + at - group + 1, text + at - group, length - (at - group) + 1);
        text[at - group] = separator;
        length++;
    }
}

/* The width that zeros fill behind a sign of `length`; 0 where blanks or nothing fill it. */
static int zero_width(const Spec *spec, size_t length) {
    return spec->fill == '0' && spec->align == '=' ? spec->width - (int)length : 0;
}

static const char *sign_text(const Spec *spec, int negative) {
    return negative ? "-" : spec->sign == '+' ? "+" : spec->sign == ' ' ? " " : "";
}

int mnp_format_string(void *bytes, int64_t length, void *format, int64_t format_length) {
    Spec spec;
    if (parse_spec(format, (char *)format + format_length, &spec))
        return 1;
    if (spec.type && spec.type != 's')
        return error_set("ValueError", "Unknown format code '%c' for object of type 'str'", spec.type);
    if (spec.align == '=' && !spec.zero)
        return error_set("ValueError", "'=' alignment not allowed in string format specifier");
    spec.align = spec.zero ? '<' : spec.align;
    if (spec.precision >= 0 && spec.precision < length)
        length = spec.precision;
    put_padded(&spec, "", bytes, (size_t)length, '<');
    return 0;
}

/* Without a type: %g that keeps a digit behind the point, and turns to an exponent one digit earlier. */
static void short_text(double value, int precision, char *text, size_t size) {
    char rounded[400];
    precision = precision ? precision : 1;
    snprintf(rounded, sizeof rounded, "%.*e", precision - 1, value);
    int exponent = atoi(strchr(rounded, 'e') + 1);
    if (exponent >= precision - 1 && exponent >= -4 && exponent < precision) {
        char *mark = strchr(rounded, 'e'), *end = mark;
        if (memchr(rounded, '.', (size_t)(mark - rounded))) {
            while (end[-1] == '0')
                end--;
            end -= end[-1] == '.';
        }
        snprintf(text, size, "%.*s%s", (int)(end - rounded), rounded, mark);
        return;
    }
    snprintf(text, size, "%.*g", precision, value);
    if (!strpbrk(text, ".en"))
        strcat(text, ".0");
}

/* C's format of the type, with its point where `#` asks for one. %g is told by its exponent then: not every C library
 * rounds `%#g` to all of its digits. */
static void typed_text(double value, const Spec *spec, int precision, char type, char *text, size_t size) {
    char format[8], rounded[400];
    if (spec->alternate && (type == 'g' || type == 'G')) {
        int digits = precision ? precision : 1;
        snprintf(rounded, sizeof rounded, "%.*e", digits - 1 < 300 ? digits - 1 : 300, value);
        int exponent = atoi(strchr(rounded, 'e') + 1), plain = exponent >= -4 && exponent < digits;
        precision = plain ? digits - 1 - exponent : digits - 1;
        type = plain ? 'f' : type == 'g' ? 'e' : 'E';
    }
    snprintf(format, sizeof format, "%%%s.*%c", spec->alternate ? "#" : "", type);
    snprintf(text, size, format, precision, value);
}

/* Without a type, all digits kept: the exponent comes one digit earlier than in %g, and 0. is 0.0. */
static void pointed_text(double value, const Spec *spec, int precision, char *text, size_t size) {
    char rounded[400];
    snprintf(rounded, sizeof rounded, "%.*e", precision - 1, value);
    int early = atoi(strchr(rounded, 'e') + 1) == precision - 1;
    typed_text(value, spec, early ? precision - 1 : precision, early ? 'e' : 'g', text, size);
    if (text[strlen(text) - 1] == '.')
        strcat(text, "0");
}

/* 1e+300 as 1.e+300, where `#` asks for a point. */
static void add_point(const Spec *spec, char *text, size_t size) {
    char *mark = strchr(text, 'e');
    if (!spec->alternate || !mark || strchr(text, '.') || strlen(text) + 2 > size)
        return;
    memmove(mark + 1, mark, strlen(mark) + 1);
    *mark = '.';
}

static void general_text(double value, const Spec *spec, char *text, size_t size) {
    int precision = spec->precision < 0 ? 6 : spec->precision;
    if (spec->type == '%') {
        typed_text(value * 100, spec, precision, 'f', text, size - 1);
        strcat(text, "%");
    } else if (spec->type && strchr("eEfFgG", spec->type)) {
        typed_text(value, spec, precision, spec->type, text, size);
    } else if (spec->precision < 0) {
        float_repr(value, 0, text, size);
        add_point(spec, text, size);
    } else if (spec->alternate) {
        pointed_text(value, spec, precision ? precision : 1, text, size);
    } else {
        short_text(value, precision, text, size);
    }
}

/* nan and inf in the letters of the type. */
static void odd_text(double value, const Spec *spec, char *text, size_t size) {
    int large = spec->type && strchr("EFG", spec->type);
    snprintf(text, size, "%s%s", isnan(value) ? (large ? "NAN" : "nan") : large ? "INF" : "inf", spec->type == '%' ? "%" : "");
}

int mnp_format_float(double value, void *format, int64_t format_length) {
    Spec spec;
    char text[1500];
    if (parse_spec(format, (char *)format + format_length, &spec))
        return 1;
    if (spec.type && !strchr("eEfFgG%n", spec.type))
        return error_set("ValueError", "Unknown format code '%c' for object of type 'float'",
                         spec.type);
    int negative = signbit(value) && !isnan(value);
    if (isfinite(value))
        general_text(negative ? -value : value, &spec, text, sizeof text);
    else
        odd_text(value, &spec, text, sizeof text);
    const char *sign = sign_text(&spec, negative);
    if (spec.grouping && isfinite(value))
        group_digits(text, sizeof text, spec.grouping, 3, zero_width(&spec, strlen(sign)));
    put_padded(&spec, sign, text, strlen(text), '>');
    return 0;
}

static void binary_text(uint64_t value, char *text) {
    char digits[65];
    int count = 0;
    do
        digits[count++] = (char)('0' + (value & 1));
    while (value >>= 1);
    while (count)
        *text++ = digits[--count];
    *text = 0;
}

int mnp_format_int(int64_t value, void *format, int64_t format_length) {
    Spec spec;
    char text[128];
    if (parse_spec(format, (char *)format + format_length, &spec))
        return 1;
    if (spec.type && strchr("eEfFgG%", spec.type))
        return mnp_format_float((double)value, format, format_length);
    if (spec.type && !strchr("dnxXobc", spec.type))
        return error_set("ValueError", "Unknown format code '%c' for object of type 'int'", spec.type);
    unsigned long long magnitude = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    const char *prefix = "";
    if (spec.type == 'x')
        snprintf(text, sizeof text, "%llx", magnitude), prefix = "0x";
    else if (spec.type == 'X')
        snprintf(text, sizeof text, "%llX", magnitude), prefix = "0X";
    else if (spec.type == 'o')
        snprintf(text, sizeof text, "%llo", magnitude), prefix = "0o";
    else if (spec.type == 'b')
        binary_text(magnitude, text), prefix = "0b";
    else
        snprintf(text, sizeof text, "%llu", magnitude);
    char sign[8];
    snprintf(sign, sizeof sign, "%s%s", sign_text(&spec, value < 0), spec.alternate ? prefix : "");
    int tens = !spec.type || strchr("dn", spec.type) != NULL;
    if (spec.grouping == ',' && !tens)
        return error_set("ValueError", "Cannot specify ',' with '%c'.", spec.type);
    if (spec.grouping)
        group_digits(text, sizeof text, spec.grouping, tens ? 3 : 4, zero_width(&spec, strlen(sign)));
    put_padded(&spec, sign, text, strlen(text), '>');
    return 0;
}
