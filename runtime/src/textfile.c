/* textfile.c: np.loadtxt: numbers in lines of a text file. */
#include "runtime.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is read so far: doubles, or 64-bit integers, one after the other. */
typedef struct {
    mnp_array *out;
    const char *delimiter, *comments;   /* "" for blanks; "" for none */
    int64_t *cells;
    int64_t count, room, rows, columns, line;
    int is_float;
} Table;

static int add_cell(Table *table, const char *text) {
    char *end;
    double number = 0;
    int64_t integer = 0;
    errno = 0;
    if (table->is_float)
        number = strtod(text, &end);
    else
        integer = strtoll(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (end == text || *end || strpbrk(text, "xX") || (!table->is_float && errno))
        return error_set("ValueError", "could not convert string '%.40s' to a number (line %lld)", text,
                         (long long)table->line);
    if (table->count == table->room) {
        int64_t room = table->room ? 2 * table->room : 256;
        int64_t *cells = realloc(table->cells, (size_t)room * sizeof *cells);
        if (!cells)
            return error_set("MemoryError", "out of memory for a text file");
        table->cells = cells;
        table->room = room;
    }
    if (table->is_float)
        memcpy(&table->cells[table->count++], &number, sizeof number);
    else
        table->cells[table->count++] = integer;
    return 0;
}

/* The next field of a line, ended by a zero; NULL at its end. */
static char *next_field(const Table *table, char **rest) {
    char *at = *rest;
    if (!at)
        return NULL;
    size_t width = strlen(table->delimiter);
    if (!width) {
        at += strspn(at, " \t\r\n\v\f");
        if (!*at)
            return NULL;
        char *end = at + strcspn(at, " \t\r\n\v\f");
        *rest = *end ? end + 1 : NULL;
        *end = 0;
        return at;
    }
    char *end = strstr(at, table->delimiter);
    *rest = end ? end + width : NULL;
    if (end)
        *end = 0;
    return at;
}

static int add_line(Table *table, char *line) {
    char *comment = *table->comments ? strstr(line, table->comments) : NULL, *rest = line, *field;
    int64_t columns = 0;
    if (comment)
        *comment = 0;
    if (!line[strspn(line, " \t\r\n\v\f")])
        return 0;
    while ((field = next_field(table, &rest))) {
        if (add_cell(table, field))
            return 1;
        columns++;
    }
    if (table->rows && columns != table->columns)
        return error_set("ValueError", "the number of columns changed from %lld to %lld at row %lld",
                         (long long)table->columns, (long long)columns, (long long)table->rows + 1);
    table->columns = columns;
    table->rows++;
    return 0;
}

/* One row or one column is an array of one axis, as NumPy squeezes it. */
static int give_table(const Table *table, int64_t dtype, int64_t rank) {
    int64_t have = table->rows == 1 || table->columns == 1 || !table->rows ? 1 : 2;
    mnp_array *out = table->out;
    if (have != rank)
        return error_set("ValueError", "the file has %lld rows of %lld columns, the annotation says rank %lld",
                         (long long)table->rows, (long long)table->columns, (long long)rank);
    *out = (mnp_array){.dtype = (int32_t)dtype, .rank = (int32_t)rank};
    out->shape[0] = rank == 2 ? table->rows : table->count;
    out->shape[1] = rank == 2 ? table->columns : 0;
    out->strides[0] = rank == 2 ? table->columns : 1;
    out->strides[1] = rank == 2;
    if (mnp_alloc(&out->data, table->count * 8, 0))
        return 1;
    memcpy(out->data, table->cells, (size_t)table->count * 8);
    return 0;
}

static int copy_text(char *out, size_t size, const char *text, int64_t length) {
    if (length >= (int64_t)size)
        return error_set("ValueError", "this text is too long: '%.40s'", text);
    snprintf(out, size, "%.*s", (int)length, text);
    return 0;
}

int mnp_loadtxt(void *bytes, int64_t length, int64_t dtype, int64_t rank, void *comments, int64_t comments_length,
                void *delimiter, int64_t delimiter_length, int64_t skipped, void *out) {
    char path[4096], mark[32], between[32], *line = NULL;
    size_t room = 0;
    if (copy_text(path, sizeof path, bytes, length) || copy_text(mark, sizeof mark, comments, comments_length) ||
        copy_text(between, sizeof between, delimiter, delimiter_length))
        return 1;
    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(errno == ENOENT ? "FileNotFoundError" : "OSError", "%s not found.", path);
    Table table = {.out = out, .delimiter = between, .comments = mark, .is_float = dtype == MNP_F64};
    int status = 0;
    while (!status && getline(&line, &room, file) >= 0)
        if (++table.line > skipped)
            status = add_line(&table, line);
    status = status || give_table(&table, dtype, rank);
    free(line);
    free(table.cells);
    fclose(file);
    return status;
}
