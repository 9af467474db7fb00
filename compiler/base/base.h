/* base.h: what every room stands on: memory, names, text, source files, spans, diagnostics.
 *
 * One compilation a process: the name table, the list of source files and the diagnostics that
 * were raised belong to the process and live as long as it does. Everything else is allocated
 * in an arena that its user names. Nothing in the compiler is freed one by one.
 */
#ifndef MNP_BASE_H
#define MNP_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* ---- arena.c: memory that is freed all at once ------------------------------------------- */

typedef struct Arena Arena;

/* A new, empty arena. Ends the process with status 2 where memory is out (so do all below). */
Arena *arena_new(void);
void arena_free(Arena *arena);
/* `size` zeroed bytes, aligned to 16. */
void *arena_alloc(Arena *arena, size_t size);
/* A copy of `length` bytes with a NUL behind them. */
char *arena_strndup(Arena *arena, const char *text, size_t length);
char *arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
/* A vector's storage moved to one of at least `count` elements; used by VEC_PUSH. */
void *arena_grow(Arena *arena, void *data, size_t element, int count, int *capacity);

/* `count` zeroed elements of `size` bytes outside of arenas, for free(). */
void *memory_new(size_t count, size_t size);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, n) ((Type *)arena_alloc((arena), sizeof(Type) * (size_t)(n)))

/* A growing array in an arena: `VEC(int) v = {0}; VEC_PUSH(arena, v, 3); v.data[0]`. */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *data;                                                                                   \
        int count, capacity;                                                                       \
    }
#define VEC_PUSH(arena, vec, item)                                                                 \
    do {                                                                                           \
        if ((vec).count == (vec).capacity)                                                         \
            (vec).data = arena_grow((arena), (vec).data, sizeof *(vec).data, (vec).count,          \
                                    &(vec).capacity);                                              \
        (vec).data[(vec).count++] = (item);                                                        \
    } while (0)

/* ---- name.c: interned names ---------------------------------------------------------------- */

/* Equal names are equal pointers; a name is a NUL-terminated string. */
typedef const char *Name;

Name name_intern(const char *text, size_t length);
Name name_of(const char *text);
/* The name that was probably meant: the one of fewest edits, if these are few for its length; else NULL. */
const char *name_nearest(const char *name, const char *const *names, int count);

/* ---- text.c: a growing string -------------------------------------------------------------- */

/* `data` is always NUL-terminated once something was added; text_free releases it. */
typedef struct {
    char *data;
    size_t length, capacity;
} Text;

void text_add(Text *text, const char *bytes, size_t length);
void text_printf(Text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_vprintf(Text *text, const char *format, va_list arguments);
void text_free(Text *text);

/* A file that is part of the compiler; lists of them end with a NULL path. */
typedef struct {
    const char *path, *text;   /* the text has a line end in front */
} TextFile;

/* ---- source.c: files and places in them ---------------------------------------------------- */

/* Bytes start (inclusive) to end (exclusive) of source file `file` (an index); {0} is nowhere. */
typedef struct {
    uint32_t file, start, end;
} Span;

typedef struct {
    const char *path;   /* as the user wrote it */
    const char *text;   /* `length` bytes and a NUL */
    uint32_t length;
    uint32_t *lines;    /* offset of each line's first byte */
    int line_count;
    bool library;       /* part of the compiler, not of the user's program */
    /* Code that was computed where it is called has a file of its own, with the same text: the call (its file 0:
     * there is none), which may itself be in such a file, and the function that it called. */
    Span call;
    const char *function;
} SourceFile;

/* Reads a file; its index (from 1), or 0 with `*why` set to the reason. */
uint32_t source_load(const char *path, const char **why);
uint32_t source_from_text(const char *path, const char *text, size_t length);
/* The same of the library in .mnp. */
uint32_t source_from_library(const char *path, const char *text, size_t length);
/* A file like `file` for what `function` holds where `call` calls it. */
uint32_t source_inlined(uint32_t file, Span call, const char *function);
const SourceFile *source_file(uint32_t file);
/* The file that the process read first: the program. */
bool source_is_program(uint32_t file);
/* "line 6", or "line 6 of helper.mnp" where that is another file than the program. */
const char *source_line(Span span);
/* Line and column, both from 1; columns count Unicode characters. */
void source_place(Span span, int *line, int *column);
/* From the start of `first` to the end of `last`. */
Span span_join(Span first, Span last);

/* ---- diag.c: what the user is told --------------------------------------------------------- */

typedef enum {
#define DIAG(name, code, title) DIAG_##name,
#include "base/diags.def"
#undef DIAG
    DIAG_COUNT
} DiagCode;

typedef struct Diag Diag;

/* With source lines, a line each, or an object of JSON a line. */
typedef enum { DIAG_FORMAT_FULL, DIAG_FORMAT_SHORT, DIAG_FORMAT_JSON } DiagFormat;

/* How diag_flush prints; DIAG_FORMAT_FULL at first. */
void diag_format(DiagFormat format);

/* A user's mistake: exit status 1. Notes and help may be added to the result. */
Diag *diag_error(Span span, DiagCode code, const char *format, ...) PRINTF_LIKE(3, 4);
/* What Python or NumPy has and mnp has not: exit status 3; prints
 * "not supported: WHAT, write INSTEAD instead" (INSTEAD may be NULL). */
Diag *diag_unsupported(Span span, const char *what, const char *instead);
/* A further place of the same diagnostic, with its own words. */
void diag_note(Diag *diag, Span span, const char *format, ...) PRINTF_LIKE(3, 4);
/* The way out. */
void diag_help(Diag *diag, const char *format, ...) PRINTF_LIKE(2, 3);
/* How many errors (of both kinds) so far. */
int diag_count(void);
/* Those after the first `count` come from a call: it is told of each; `moved`: they are the call's own. */
void diag_from_call(int count, Span call, const char *name, bool moved);
/* Is there one whose place starts in the span? */
bool diag_in(Span span);
/* The i-th, its place, and what it is. */
Diag *diag_at(int i);
Span diag_span(int i);
DiagCode diag_code(int i);
/* Forgets those behind the first `count` that are on a line of one of these. */
void diag_drop_lines(int count);
/* Forgets those after the first `count`: what raised them is checked again, with better knowledge. */
void diag_rollback(int count);
/* Puts them in source order; what is said twice of one place is one. */
void diag_unique(void);
/* How many diag_flush prints; twenty at first. */
void diag_limit(int count);
/* Prints them in source order, with source lines and carets; 0, 1 or 3: the exit status they ask for. */
int diag_flush(FILE *file);
/* The world is wrong (no file, no linker, disk full): prints and exits with status 2. */
_Noreturn void fatal(const char *format, ...) PRINTF_LIKE(1, 2);
/* There is no memory: prints and exits with status 2, from any thread and from inside of LLVM: only what is registered with
 * at_quick_exit runs. */
_Noreturn void out_of_memory(void);
/* Writes a file anew, or to standard output where the path is "-"; fatal where not all of it can be written. */
void file_write(const char *path, const char *bytes, size_t length);
/* We are wrong: prints place and message and aborts. */
#define BUG(...) bug_report(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_report(const char *file, int line, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
