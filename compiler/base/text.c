/* text.c: a growing string. */
#include "base/base.h"

#include <stdlib.h>

static void reserve(Text *text, size_t more) {
    if (text->length + more + 1 <= text->capacity)
        return;
    size_t capacity = (text->length + more + 1) * 2;
    text->data = realloc(text->data, capacity);
    if (!text->data)
        out_of_memory();
    text->capacity = capacity;
}

void text_add(Text *text, const char *bytes, size_t length) {
    reserve(text, length);
    if (length)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = 0;
}

void text_vprintf(Text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return;
    reserve(text, (size_t)length);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    text->length += (size_t)length;
}

void text_printf(Text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(text, format, arguments);
    va_end(arguments);
}

void text_free(Text *text) {
    free(text->data);
    *text = (Text){0};
}
