/* string.c: the methods of strings. Strings are UTF-8; places and widths count characters. A new string lives as those do
 * that f-strings make (text.c); one that is a part of another points into it. */
#include "list.h"

#include <ctype.h>
#include <string.h>

/* A string as two slots of a row. */
static int give(void *out, const char *bytes, int64_t length) {
    memcpy(out, &bytes, sizeof bytes);
    ((int64_t *)out)[1] = length;
    return 0;
}

static int give_text(void *out) {
    void *bytes;
    int64_t length;
    return mnp_text_end(&bytes, &length) || give(out, bytes, length);
}

static int is_start(char byte) {
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* The byte at which a character begins. */
static int64_t byte_of(const char *text, int64_t length, int64_t character) {
    int64_t at = 0;
    for (; at < length; at++)
        if (is_start(text[at]) && character-- == 0)
            break;
    return at;
}

/* The first occurrence at a byte or later; -1: none. */
static int64_t find_from(const char *text, int64_t length, const char *part, int64_t part_length, int64_t from) {
    for (int64_t at = from; at + part_length <= length; at++)
        if (!part_length || !memcmp(text + at, part, (size_t)part_length))
            return at;
    return -1;
}

/* ---- searching ----------------------------------------------------------------------------- */

int64_t mnp_string_find(void *text, int64_t length, void *part, int64_t part_length) {
    int64_t at = find_from(text, length, part, part_length, 0);
    return at < 0 ? -1 : mnp_string_length(text, at);
}

int64_t mnp_string_find_last(void *text, int64_t length, void *part, int64_t part_length) {
    const char *bytes = text;
    for (int64_t at = length - part_length; at >= 0; at--)
        if (!part_length || !memcmp(bytes + at, part, (size_t)part_length))
            return mnp_string_length(text, at);
    return -1;
}

int mnp_string_index(void *text, int64_t length, void *part, int64_t part_length, void *out) {
    int64_t at = mnp_string_find(text, length, part, part_length);
    *(int64_t *)out = at;
    return at < 0 ? error_set("ValueError", "substring not found") : 0;
}

int64_t mnp_string_tally(void *text, int64_t length, void *part, int64_t part_length) {
    int64_t count = 0, at = 0;
    if (!part_length)
        return mnp_string_length(text, length) + 1;
    for (; (at = find_from(text, length, part, part_length, at)) >= 0; at += part_length)
        count++;
    return count;
}

int64_t mnp_string_starts(void *text, int64_t length, void *part, int64_t part_length) {
    return part_length <= length && (!part_length || !memcmp(text, part, (size_t)part_length));
}

int64_t mnp_string_ends(void *text, int64_t length, void *part, int64_t part_length) {
    return part_length <= length &&
           (!part_length || !memcmp((char *)text + length - part_length, part, (size_t)part_length));
}

/* ---- parts --------------------------------------------------------------------------------- */

int mnp_string_slice(void *text, int64_t length, int64_t start, int64_t stop, int64_t step, int64_t given, void *out) {
    const char *bytes = text;
    Slice slice = {start, stop, step, 0};
    if (slice_indices(mnp_string_length(text, length), &slice, given))
        return 1;
    if (slice.step == 1) {
        int64_t from = byte_of(bytes, length, slice.start), to = byte_of(bytes, length, slice.start + slice.count);
        return give(out, bytes + from, to - from);
    }
    if (mnp_text_begin())
        return 1;
    for (int64_t i = 0; i < slice.count; i++) {
        int64_t from = byte_of(bytes, length, slice.start + i * slice.step), to = from + 1;
        while (to < length && !is_start(bytes[to]))
            to++;
        text_out(bytes + from, (size_t)(to - from));
    }
    return give_text(out);
}

static int is_blank(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r') || (byte >= 0x1c && byte <= 0x1f);
}

/* The character that begins or ends at a byte is among those to take away. */
static int is_stripped(const char *character, int64_t size, const char *set, int64_t set_length, int64_t given) {
    return given ? find_from(set, set_length, character, size, 0) >= 0 : size == 1 && is_blank(*character);
}

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static int strip(const char *text, int64_t length, const char *set, int64_t set_length, int64_t given, int sides,
                 void *out) {
    int64_t from = 0, to = length;
    while ((sides & STRIP_LEFT) && from < to) {
        int64_t next = from + 1;
        while (next < to && !is_start(text[next]))
            next++;
        if (!is_stripped(text + from, next - from, set, set_length, given))
            break;
        from = next;
    }
    while ((sides & STRIP_RIGHT) && from < to) {
        int64_t before = to - 1;
        while (before > from && !is_start(text[before]))
            before--;
        if (!is_stripped(text + before, to - before, set, set_length, given))
            break;
        to = before;
    }
    return give(out, text + from, to - from);
}

int mnp_string_strip(void *text, int64_t length, void *set, int64_t set_length, int64_t given, void *out) {
    return strip(text, length, set, set_length, given, STRIP_LEFT | STRIP_RIGHT, out);
}

int mnp_string_strip_left(void *text, int64_t length, void *set, int64_t set_length, int64_t given, void *out) {
    return strip(text, length, set, set_length, given, STRIP_LEFT, out);
}

int mnp_string_strip_right(void *text, int64_t length, void *set, int64_t set_length, int64_t given, void *out) {
    return strip(text, length, set, set_length, given, STRIP_RIGHT, out);
}

static int add_part(List *list, const char *bytes, int64_t length) {
    int64_t row[2];
    give(row, bytes, length);
    return mnp_list_append(list, row);
}

/* By blanks of any number; `most` splits, or -1. */
static int split_blanks(List *list, const char *text, int64_t length, int64_t most) {
    for (int64_t at = 0, end; ; at = end) {
        while (at < length && is_blank(text[at]))
            at++;
        if (at == length)
            return 0;
        for (end = at; end < length && !is_blank(text[end]);)
            end++;
        if (most-- == 0)
            return add_part(list, text + at, length - at);
        if (add_part(list, text + at, end - at))
            return 1;
    }
}

static int split_marks(List *list, const char *text, int64_t length, const char *mark, int64_t mark_length, int64_t most) {
    int64_t at = 0, next;
    while (most-- != 0 && (next = find_from(text, length, mark, mark_length, at)) >= 0) {
        if (add_part(list, text + at, next - at))
            return 1;
        at = next + mark_length;
    }
    return add_part(list, text + at, length - at);
}

/* Gives the list, or gives it back where it could not be filled. */
static int give_filled(List *list, int status, void *out) {
    if (!status)
        return list_give(list, out);
    mnp_release(list);
    return status;
}

int mnp_string_split(void *value, int64_t length, void *mark, int64_t mark_length, int64_t given, int64_t most,
                     void *out) {
    if (given && !mark_length)
        return error_set("ValueError", "empty separator");
    List *list = list_new(4, "s");
    if (!list)
        return 1;
    return give_filled(list, given ? split_marks(list, value, length, mark, mark_length, most)
                                   : split_blanks(list, value, length, most), out);
}

int mnp_string_lines(void *value, int64_t length, void *out) {
    const char *text = value;
    List *list = list_new(4, "s");
    int status = 0;
    if (!list)
        return 1;
    for (int64_t at = 0, end; at < length && !status; at = end + 1) {
        for (end = at; end < length && text[end] != '\n' && text[end] != '\r';)
            end++;
        status = add_part(list, text + at, end - at);
        end += end + 1 < length && text[end] == '\r' && text[end + 1] == '\n';
    }
    return give_filled(list, status, out);
}

/* ---- new strings --------------------------------------------------------------------------- */

int mnp_string_join(void *mark, int64_t mark_length, void *value, void *out) {
    const List *list = value;
    if (mnp_text_begin())
        return 1;
    for (int64_t i = 0; i < list->count && list->width; i++) {
        const char *bytes;
        memcpy(&bytes, list->slots + 2 * i, sizeof bytes);
        text_out(mark, i ? (size_t)mark_length : 0);
        text_out(bytes, (size_t)list->slots[2 * i + 1]);
    }
    return give_text(out);
}

int mnp_string_replace(void *text, int64_t length, void *old, int64_t old_length, void *fresh, int64_t fresh_length,
                       int64_t most, void *out) {
    const char *bytes = text;
    int64_t at = 0;
    if (mnp_text_begin())
        return 1;
    while (most-- != 0) {
        int64_t next = find_from(bytes, length, old, old_length, at);
        if (next < 0)
            break;
        text_out(bytes + at, (size_t)(next - at));
        text_out(fresh, (size_t)fresh_length);
        at = next + old_length;
        if (old_length)
            continue;
        if (at == length)
            break;
        do
            text_out(bytes + at, 1);
        while (++at < length && !is_start(bytes[at]));
    }
    text_out(bytes + at, (size_t)(length - at));
    return give_text(out);
}

/* Letters beyond ASCII have rules of their own, which are not here. */
static int change_case(const char *text, int64_t length, int (*change)(int), int first_only, void *out) {
    if (mnp_text_begin())
        return 1;
    int beyond = 0;
    for (int64_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        char changed = (char)(first_only && i ? tolower(c) : change(c));
        beyond |= c > 127;
        text_out(&changed, 1);
    }
    int status = give_text(out);
    return beyond ? error_set("NotImplementedError", "the case of letters beyond ASCII is not supported") : status;
}

int mnp_string_upper(void *text, int64_t length, void *out) {
    return change_case(text, length, toupper, 0, out);
}

int mnp_string_lower(void *text, int64_t length, void *out) {
    return change_case(text, length, tolower, 0, out);
}

int mnp_string_capitalize(void *text, int64_t length, void *out) {
    return change_case(text, length, toupper, 1, out);
}

enum { PAD_RIGHT, PAD_LEFT, PAD_BOTH };

static int pad(const char *text, int64_t length, int64_t width, const char *fill, int64_t fill_length, int64_t given,
               int side, void *out) {
    int64_t padding = width - mnp_string_length((void *)(uintptr_t)text, length);
    fill = given ? fill : " ";
    fill_length = given ? fill_length : 1;
    if (mnp_string_length((void *)(uintptr_t)fill, fill_length) != 1)
        return error_set("TypeError", "The fill character must be exactly one character long");
    if (padding <= 0)
        return give(out, text, length);
    int64_t left = side == PAD_RIGHT ? 0 : side == PAD_LEFT ? padding : padding / 2 + (padding & width & 1);
    if (mnp_text_begin())
        return 1;
    mnp_print_times((void *)(uintptr_t)fill, fill_length, left);
    text_out(text, (size_t)length);
    mnp_print_times((void *)(uintptr_t)fill, fill_length, padding - left);
    return give_text(out);
}

int mnp_string_pad_right(void *text, int64_t length, int64_t width, void *fill, int64_t fill_length, int64_t given,
                         void *out) {
    return pad(text, length, width, fill, fill_length, given, PAD_RIGHT, out);
}

int mnp_string_pad_left(void *text, int64_t length, int64_t width, void *fill, int64_t fill_length, int64_t given,
                        void *out) {
    return pad(text, length, width, fill, fill_length, given, PAD_LEFT, out);
}

int mnp_string_pad_both(void *text, int64_t length, int64_t width, void *fill, int64_t fill_length, int64_t given,
                        void *out) {
    return pad(text, length, width, fill, fill_length, given, PAD_BOTH, out);
}

/* Zeros behind the sign. */
int mnp_string_zeros(void *value, int64_t length, int64_t width, void *out) {
    const char *text = value;
    int64_t sign = length && (*text == '-' || *text == '+'), padding = width - mnp_string_length(value, length);
    if (padding <= 0)
        return give(out, text, length);
    if (mnp_text_begin())
        return 1;
    text_out(text, (size_t)sign);
    mnp_print_times((void *)(uintptr_t)"0", 1, padding);
    text_out(text + sign, (size_t)(length - sign));
    return give_text(out);
}

/* ---- tests --------------------------------------------------------------------------------- */

static int64_t all_are(const char *text, int64_t length, int (*test)(int)) {
    for (int64_t i = 0; i < length; i++)
        if (!test((unsigned char)text[i]))
            return 0;
    return length > 0;
}

int64_t mnp_string_is_digit(void *text, int64_t length) {
    return all_are(text, length, isdigit);
}

int64_t mnp_string_is_space(void *text, int64_t length) {
    return all_are(text, length, isspace);
}
