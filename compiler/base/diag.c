/* diag.c: diagnostics are collected as they are found and printed in source order. */
#include "base/base.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct Note Note;
struct Note {
    Span span;
    const char *text;
    bool help;
    Note *next;
};

struct Diag {
    Span span;
    DiagCode code;
    int order;
    const char *text;
    Note *notes, **last_note;
};

static int print_max = 20;

static DiagFormat format_chosen;
static bool coloured;

static Arena *arena;
static VEC(Diag *) diags;

static const char *const codes[] = {
#define DIAG(name, code, title) code,
#include "base/diags.def"
#undef DIAG
};

static Diag *diag_new(Span span, DiagCode code, const char *text) {
    Diag *diag = ARENA_NEW(arena, Diag);
    *diag = (Diag){.span = span, .code = code, .order = diags.count, .text = text};
    diag->last_note = &diag->notes;
    VEC_PUSH(arena, diags, diag);
    return diag;
}

static const char *format_text(const char *format, va_list arguments) {
    if (!arena)
        arena = arena_new();
    Text text = {0};
    text_vprintf(&text, format, arguments);
    const char *copy = arena_strndup(arena, text.data ? text.data : "", text.length);
    text_free(&text);
    return copy;
}

Diag *diag_error(Span span, DiagCode code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *text = format_text(format, arguments);
    va_end(arguments);
    return diag_new(span, code, text);
}

Diag *diag_unsupported(Span span, const char *what, const char *instead) {
    if (!arena)
        arena = arena_new();
    const char *text = instead
                           ? arena_printf(arena, "not supported: %s, write %s instead", what, instead)
                           : arena_printf(arena, "not supported: %s", what);
    return diag_new(span, DIAG_UNSUPPORTED, text);
}

static void note_add(Diag *diag, Span span, const char *text, bool help) {
    Note *note = ARENA_NEW(arena, Note);
    *note = (Note){.span = span, .text = text, .help = help};
    *diag->last_note = note;
    diag->last_note = &note->next;
}

void diag_note(Diag *diag, Span span, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    note_add(diag, span, format_text(format, arguments), false);
    va_end(arguments);
}

void diag_help(Diag *diag, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    note_add(diag, (Span){0}, format_text(format, arguments), true);
    va_end(arguments);
}

int diag_count(void) {
    return diags.count;
}

void diag_from_call(int count, Span call, const char *name, bool moved) {
    for (int i = count; i < diags.count; i++)
        if (moved)
            diags.data[i]->span = call;
        else
            diag_note(diags.data[i], call, "in this call of '%s'", name);
}

bool diag_in(Span span) {
    for (int i = 0; i < diags.count; i++) {
        Span at = diags.data[i]->span;
        if (at.file == span.file && at.start >= span.start && at.start < span.end)
            return true;
    }
    return false;
}

Diag *diag_at(int i) {
    return diags.data[i];
}

Span diag_span(int i) {
    return diags.data[i]->span;
}

DiagCode diag_code(int i) {
    return diags.data[i]->code;
}

void diag_limit(int count) {
    print_max = count;
}

static bool same_line(Span a, Span b) {
    int line, other, column;
    source_place(a, &line, &column);
    source_place(b, &other, &column);
    return a.file == b.file && line == other;
}

void diag_drop_lines(int count) {
    int kept = count;
    for (int i = count; i < diags.count; i++) {
        bool drop = false;
        for (int k = 0; k < count && !drop; k++)
            drop = same_line(diags.data[k]->span, diags.data[i]->span);
        if (!drop)
            diags.data[kept++] = diags.data[i];
    }
    diags.count = kept;
}

void diag_rollback(int count) {
    diags.count = count;
}

static int by_place(const void *a, const void *b) {
    const Diag *x = *(Diag *const *)a, *y = *(Diag *const *)b;
    if (x->span.file != y->span.file)
        return x->span.file < y->span.file ? -1 : 1;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    return x->order - y->order;
}

/* Two diagnostics of one place say one thing twice. */
static bool repeats(const Diag *a, const Diag *b) {
    return a->code == b->code && a->span.file == b->span.file && a->span.start == b->span.start &&
           !strcmp(a->text, b->text);
}

void diag_format(DiagFormat format) {
    format_chosen = format;
}

/* ---- for people ---------------------------------------------------------------------------- */

typedef enum { PLAIN, BOLD_RED, BOLD, GREEN } Colour;

/* Colours are for terminals, and for those who want them (no-color.org). */
static bool wants_colours(FILE *file) {
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(fileno(file)) && !(none && *none) && terminal && strcmp(terminal, "dumb");
}

static void paint(FILE *file, Colour colour) {
    static const char *const codes_of[] = {"\33[0m", "\33[1;31m", "\33[1m", "\33[32m"};
    if (coloured)
        fputs(codes_of[colour], file);
}

static void print_place(FILE *file, Span span) {
    const SourceFile *source = source_file(span.file);
    int line, column;
    source_place(span, &line, &column);
    if (source)
        fprintf(file, "%s:%d:%d: ", source->path, line, column);
}

/* Bytes that a terminal would interpret are shown as '?'. */
static void print_source_bytes(FILE *file, const char *bytes, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        fputc((unsigned char)bytes[i] < 32 && bytes[i] != '\t' ? '?' : bytes[i], file);
}

/* The line of the span, and carets under the part of the span that is on it. */
static void print_source_line(FILE *file, Span span) {
    const SourceFile *source = source_file(span.file);
    int line, column;
    source_place(span, &line, &column);
    if (!source)
        return;
    uint32_t start = source->lines[line - 1], end = start;
    while (end < source->length && source->text[end] != '\n')
        end++;
    if (end - start > 300)
        end = start + 300;
    fprintf(file, "%5d | ", line);
    print_source_bytes(file, source->text + start, end - start);
    fprintf(file, "\n      | ");
    for (uint32_t i = start; i < span.start && i < end; i++)
        if (((unsigned char)source->text[i] & 0xc0) != 0x80)
            fputc(source->text[i] == '\t' ? '\t' : ' ', file);
    uint32_t last = span.end > end ? end : span.end;
    paint(file, BOLD_RED);
    fputc('^', file);
    for (uint32_t i = span.start + 1; i < last; i++)
        if (((unsigned char)source->text[i] & 0xc0) != 0x80)
            fputc('^', file);
    paint(file, PLAIN);
    fputc('\n', file);
}

static void diag_print(FILE *file, const Diag *diag) {
    print_place(file, diag->span);
    paint(file, BOLD_RED);
    fprintf(file, "error[%s]", codes[diag->code]);
    paint(file, BOLD);
    fprintf(file, ": %s\n", diag->text);
    paint(file, PLAIN);
    if (format_chosen == DIAG_FORMAT_SHORT)
        return;
    print_source_line(file, diag->span);
    for (Note *note = diag->notes; note; note = note->next) {
        if (note->help) {
            paint(file, GREEN);
            fprintf(file, "      = help: %s\n", note->text);
            paint(file, PLAIN);
            continue;
        }
        fprintf(file, "      = ");
        print_place(file, note->span);
        fprintf(file, "note: %s\n", note->text);
        print_source_line(file, note->span);
    }
}

/* ---- for programs -------------------------------------------------------------------------- */

static void json_string(FILE *file, const char *text) {
    fputc('"', file);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(file, "\\%c", *text);
        else if ((unsigned char)*text < 32)
            fprintf(file, "\\u%04x", *text);
        else
            fputc(*text, file);
    }
    fputc('"', file);
}

static void json_place(FILE *file, Span span) {
    const SourceFile *source = source_file(span.file);
    int line, column, end_line, end_column;
    source_place(span, &line, &column);
    source_place((Span){span.file, span.end, span.end}, &end_line, &end_column);
    fputs("\"file\": ", file);
    json_string(file, source ? source->path : "");
    fprintf(file, ", \"line\": %d, \"column\": %d, \"end_line\": %d, \"end_column\": %d", line, column, end_line,
            end_column);
}

/* The notes, or the helps, of a diagnostic. */
static void json_notes(FILE *file, const Diag *diag, bool help) {
    const char *between = "";
    for (const Note *note = diag->notes; note; note = note->next) {
        if (note->help != help)
            continue;
        fputs(between, file);
        between = ", ";
        if (!help) {
            fputc('{', file);
            json_place(file, note->span);
            fputs(", \"message\": ", file);
        }
        json_string(file, note->text);
        fputs(help ? "" : "}", file);
    }
}

/* One object a line. */
static void json_print(FILE *file, const Diag *diag) {
    fputc('{', file);
    json_place(file, diag->span);
    fprintf(file, ", \"severity\": \"error\", \"code\": \"%s\", \"message\": ", codes[diag->code]);
    json_string(file, diag->text);
    fputs(", \"notes\": [", file);
    json_notes(file, diag, false);
    fputs("], \"help\": [", file);
    json_notes(file, diag, true);
    fputs("]}\n", file);
}

void diag_unique(void) {
    if (!diags.count)
        return;
    qsort(diags.data, (size_t)diags.count, sizeof *diags.data, by_place);
    int kept = 1;
    for (int i = 1; i < diags.count; i++)
        if (!repeats(diags.data[i - 1], diags.data[i]))
            diags.data[kept++] = diags.data[i];
    diags.count = kept;
}

int diag_flush(FILE *file) {
    if (!diags.count)
        return 0;
    diag_unique();
    coloured = wants_colours(file);
    bool unsupported_only = true;
    for (int i = 0; i < diags.count; i++) {
        unsupported_only &= diags.data[i]->code == DIAG_UNSUPPORTED;
        if (i < print_max)
            (format_chosen == DIAG_FORMAT_JSON ? json_print : diag_print)(file, diags.data[i]);
    }
    if (diags.count > print_max && format_chosen != DIAG_FORMAT_JSON)
        fprintf(file, "and %d more errors\n", diags.count - print_max);
    diags.count = 0;
    return unsupported_only ? 3 : 1;
}

void fatal(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("mnp: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

void out_of_memory(void) {
    fputs("mnp: out of memory\n", stderr);
    quick_exit(2);
}

void bug_report(const char *file, int line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "mnp: internal error at %s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}
