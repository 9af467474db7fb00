/* text.c: where printing goes, strings under construction, the program's arguments. */
#include "runtime.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Strings that f-strings made live to the end of the process, in a list. */
typedef struct Text Text;
struct Text {
    Text *next;
    size_t length, capacity;
    char *bytes;
    int building, lost;      /* lost: there was no memory for all of it */
};

static _Thread_local Text *texts;
static int argument_count;
static char **arguments;

void mnp_start(int count, void *values) {
    process_start();
    argument_count = count;
    arguments = values;
}

void text_out(const char *bytes, size_t length) {
    if (!texts || !texts->building) {
        fwrite(bytes, 1, length, stdout);
        return;
    }
    if (texts->length + length + 1 > texts->capacity) {
        size_t capacity = (texts->length + length + 1) * 2;
        char *grown = texts->lost ? NULL : realloc(texts->bytes, capacity);
        if (!grown) {
            texts->lost = 1;
            return;
        }
        texts->bytes = grown;
        texts->capacity = capacity;
    }
    memcpy(texts->bytes + texts->length, bytes, length);
    texts->length += length;
}

int mnp_text_begin(void) {
    Text *text = calloc(1, sizeof *text);
    if (!text)
        return error_set("MemoryError", "out of memory for a string");
    text->building = 1;
    text->next = texts;
    texts = text;
    return 0;
}

int mnp_text_end(void *bytes, void *length) {
    texts->building = 0;
    if (texts->lost)
        return error_set("MemoryError", "out of memory for a string");
    *(char **)bytes = texts->bytes ? texts->bytes : "";
    *(int64_t *)length = (int64_t)texts->length;
    return 0;
}

/* A call from C frees the strings that it made: those that are newer than the mark. */
void *mnp_text_mark(void) {
    return texts;
}

void mnp_text_drop(void *mark) {
    while (texts && texts != mark) {
        Text *next = texts->next;
        free(texts->bytes);
        free(texts);
        texts = next;
    }
}

__attribute__((destructor)) static void free_texts(void) {
    mnp_text_drop(NULL);
}

int64_t mnp_string_equal(void *a, int64_t a_length, void *b, int64_t b_length) {
    return a_length == b_length && (!a_length || !memcmp(a, b, (size_t)a_length));
}

int64_t mnp_string_less(void *a, int64_t a_length, void *b, int64_t b_length) {
    int64_t common = a_length < b_length ? a_length : b_length;
    int order = common ? memcmp(a, b, (size_t)common) : 0;
    return order < 0 || (order == 0 && a_length < b_length);
}

int64_t mnp_string_has(void *part, int64_t part_length, void *bytes, int64_t length) {
    for (int64_t at = 0; at + part_length <= length; at++)
        if (!part_length || !memcmp((char *)bytes + at, part, (size_t)part_length))
            return 1;
    return 0;
}

void mnp_print_times(void *bytes, int64_t length, int64_t times) {
    for (; length && times > 0; times--)
        text_out(bytes, (size_t)length);
}

/* The character at an index, which may count from the end. */
int mnp_string_item(void *bytes, int64_t length, int64_t index, void *out, void *out_length) {
    const char *text = bytes;
    int64_t at = index < 0 ? index + mnp_string_length(bytes, length) : index, from = 0;
    for (; at > 0 && from < length; at--)
        do
            from++;
        while (from < length && ((unsigned char)text[from] & 0xc0) == 0x80);
    if (at < 0 || from >= length)
        return error_set("IndexError", "string index out of range");
    int64_t end = from + 1;
    while (end < length && ((unsigned char)text[end] & 0xc0) == 0x80)
        end++;
    *(const char **)out = text + from;
    *(int64_t *)out_length = end - from;
    return 0;
}

/* Characters of UTF-8. */
int64_t mnp_string_length(void *bytes, int64_t length) {
    int64_t count = 0;
    for (int64_t i = 0; i < length; i++)
        count += (((unsigned char *)bytes)[i] & 0xc0) != 0x80;
    return count;
}

/* As repr shows a string: in single quotes unless only those stand in it. */
void mnp_print_string_repr(void *bytes, int64_t length) {
    const char *text = bytes;
    int single = length && memchr(text, '\'', (size_t)length), twice = length && memchr(text, '"', (size_t)length);
    char quote = single && !twice ? '"' : '\'', escape[8];
    text_out(&quote, 1);
    for (int64_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        const char *named = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : c == '\\' ? "\\\\" : NULL;
        if (named)
            text_out(named, 2);
        else if (c == (unsigned char)quote)
            text_out("\\", 1), text_out(&quote, 1);
        else if (c < 32 || c == 127)
            text_out(escape, (size_t)snprintf(escape, sizeof escape, "\\x%02x", c));
        else
            text_out(text + i, 1);
    }
    text_out(&quote, 1);
}

int64_t mnp_argc(void) {
    return argument_count;
}

int mnp_argv(int64_t index, void *bytes, void *length) {
    int64_t at = index < 0 ? index + argument_count : index;
    if (at < 0 || at >= argument_count)
        return error_set("IndexError", "list index out of range");
    *(char **)bytes = arguments[at];
    *(int64_t *)length = (int64_t)strlen(arguments[at]);
    return 0;
}

/* A copy without blanks around it and underscores between digits; `is_digit` tells these. */
static char *bare_text(const char *bytes, int64_t length, char *out, size_t size, int (*is_digit)(int)) {
    while (length && isspace((unsigned char)*bytes))
        bytes++, length--;
    while (length && isspace((unsigned char)bytes[length - 1]))
        length--;
    size_t count = 0;
    for (int64_t i = 0; i < length && count + 1 < size; i++) {
        int between = i && i + 1 < length && is_digit((unsigned char)bytes[i - 1]) &&
                      is_digit((unsigned char)bytes[i + 1]);
        if (bytes[i] != '_' || !between)
            out[count++] = bytes[i];
    }
    out[count] = 0;
    return count && count + 1 < size ? out : NULL;
}

/* NULL where it is no number. */
static char *number_text(const char *bytes, int64_t length, char *out, size_t size) {
    char *text = bare_text(bytes, length, out, size, isdigit);
    return text && !strpbrk(text, " xXpP(") ? text : NULL;
}

/* The base that a prefix such as 0x says, or 0. */
static int base_of_prefix(const char *text) {
    int letter = text[0] == '0' ? tolower((unsigned char)text[1]) : 0;
    return letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
}

static int not_in_base(const char *bytes, int64_t length, int64_t base) {
    return error_set("ValueError", "invalid literal for int() with base %lld: '%.*s'", (long long)base,
                     (int)(length < 100 ? length : 100), bytes);
}

/* Python's int(text, base): a sign, a prefix of that base, digits and letters. */
int mnp_parse_int_in(void *bytes, int64_t length, int64_t base, void *out) {
    char copy[160], *text = bare_text(bytes, length, copy, sizeof copy, isalnum), *end = NULL;
    if (base != 0 && (base < 2 || base > 36))
        return error_set("ValueError", "int() base must be >= 2 and <= 36, or 0");
    if (!text)
        return not_in_base(bytes, length, base);
    int sign = *text == '-' || *text == '+', negative = *text == '-', prefix = base_of_prefix(text + sign);
    char *digits = text + sign;
    if (prefix && (base == 0 || base == prefix))
        digits += 2;
    int radix = base ? (int)base : prefix ? prefix : 10;
    errno = 0;
    unsigned long long size = isalnum((unsigned char)*digits) ? strtoull(digits, &end, radix) : 0;
    int zeros = !base && !prefix && *digits == '0' && size;   /* Python wants no digit behind leading zeros */
    if (!end || *end || (radix == 16 && base_of_prefix(digits) == 16) || zeros)
        return not_in_base(bytes, length, base);
    if (errno || size > (unsigned long long)INT64_MAX + (unsigned long long)negative)
        return error_set("OverflowError", "an int left 64 bits");
    *(int64_t *)out = negative ? (int64_t)(0 - size) : (int64_t)size;
    return 0;
}

int mnp_parse_int(void *bytes, int64_t length, void *out) {
    char copy[80], *end = NULL, *text = number_text(bytes, length, copy, sizeof copy);
    errno = 0;
    long long value = text ? strtoll(text, &end, 10) : 0;
    if (!text || *end)
        return error_set("ValueError", "invalid literal for int() with base 10: '%.*s'",
                         (int)(length < 100 ? length : 100), (const char *)bytes);
    if (errno)
        return error_set("OverflowError", "an int left 64 bits");
    *(int64_t *)out = value;
    return 0;
}

int mnp_parse_float(void *bytes, int64_t length, void *out) {
    char copy[200], *end = NULL, *text = number_text(bytes, length, copy, sizeof copy);
    double value = text ? strtod(text, &end) : 0;
    if (!text || *end)
        return error_set("ValueError", "could not convert string to float: '%.*s'",
                         (int)(length < 100 ? length : 100), (const char *)bytes);
    *(double *)out = value;
    return 0;
}
