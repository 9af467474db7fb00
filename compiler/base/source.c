/* source.c: the source files of the process and places in them. */
#include "base/base.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static Arena *arena;
static VEC(SourceFile *) files;

static void find_lines(SourceFile *file) {
    VEC(uint32_t) lines = {0};
    VEC_PUSH(arena, lines, 0);
    for (uint32_t i = 0; i < file->length; i++)
        if (file->text[i] == '\n')
            VEC_PUSH(arena, lines, i + 1);
    file->lines = lines.data;
    file->line_count = lines.count;
}

uint32_t source_from_text(const char *path, const char *text, size_t length) {
    if (!arena)
        arena = arena_new();
    SourceFile *file = ARENA_NEW(arena, SourceFile);
    file->path = arena_strndup(arena, path, strlen(path));
    file->text = arena_strndup(arena, text, length);
    file->length = (uint32_t)length;
    find_lines(file);
    VEC_PUSH(arena, files, file);
    return (uint32_t)files.count;
}

uint32_t source_from_library(const char *path, const char *text, size_t length) {
    uint32_t file = source_from_text(path, text, length);
    files.data[file - 1]->library = true;
    return file;
}

uint32_t source_inlined(uint32_t file, Span call, const char *function) {
    SourceFile *copy = ARENA_NEW(arena, SourceFile);
    *copy = *source_file(file);
    copy->call = call;
    copy->function = function;
    VEC_PUSH(arena, files, copy);
    return (uint32_t)files.count;
}

bool source_is_program(uint32_t file) {
    const SourceFile *source = source_file(file);
    return !source || !strcmp(source->path, files.data[0]->path);
}

const char *source_line(Span span) {
    int line, column;
    if (!arena)
        arena = arena_new();
    source_place(span, &line, &column);
    if (source_is_program(span.file))
        return arena_printf(arena, "line %d", line);
    return arena_printf(arena, "line %d of %s", line, source_file(span.file)->path);
}

/* All bytes of a stream; NULL with errno set where that fails. */
static char *read_all(FILE *stream, size_t *length) {
    Text text = {0};
    char block[65536];
    size_t count;
    while ((count = fread(block, 1, sizeof block, stream)) > 0) {
        text_add(&text, block, count);
        if (text.length > 256u * 1024 * 1024) {
            errno = EFBIG;
            text_free(&text);
            return NULL;
        }
    }
    if (ferror(stream)) {
        text_free(&text);
        return NULL;
    }
    *length = text.length;
    return text.data ? text.data : memory_new(1, 1);
}

uint32_t source_load(const char *path, const char **why) {
    struct stat status;
    FILE *stream = fopen(path, "rb");
    if (!stream || (fstat(fileno(stream), &status) == 0 && S_ISDIR(status.st_mode))) {
        *why = stream ? "Is a directory" : strerror(errno);
        if (stream)
            fclose(stream);
        return 0;
    }
    size_t length = 0;
    char *text = read_all(stream, &length);
    *why = strerror(errno);
    fclose(stream);
    if (!text)
        return 0;
    uint32_t file = source_from_text(path, text, length);
    free(text);
    return file;
}

void file_write(const char *path, const char *bytes, size_t length) {
    bool standard = !strcmp(path, "-");
    FILE *file = standard ? stdout : fopen(path, "wb");
    bool failed = !file || fwrite(bytes, 1, length, file) != length;
    if ((file && (standard ? fflush(file) : fclose(file))) || failed)
        fatal("cannot write %s: %s", standard ? "standard output" : path, strerror(errno));
}

const SourceFile *source_file(uint32_t file) {
    return file && (int)file <= files.count ? files.data[file - 1] : NULL;
}

void source_place(Span span, int *line, int *column) {
    *line = *column = 0;
    const SourceFile *file = source_file(span.file);
    if (!file)
        return;
    int low = 0, high = file->line_count;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (file->lines[middle] <= span.start)
            low = middle;
        else
            high = middle;
    }
    *line = low + 1;
    *column = 1;
    for (uint32_t i = file->lines[low]; i < span.start && i < file->length; i++)
        *column += ((unsigned char)file->text[i] & 0xc0) != 0x80;
}

Span span_join(Span first, Span last) {
    if (!first.file)
        return last;
    if (!last.file)
        return first;
    return (Span){first.file, first.start, last.end > first.end ? last.end : first.end};
}
