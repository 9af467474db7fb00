/* textfile.c: np.loadtxt and np.genfromtxt: numbers in lines of a text file. */
#include "runtime.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is read so far: doubles, or 64-bit integers, one after the other. */
enum { COLUMNS_MAX = 64 };

typedef struct {
    mnp_array *out;
    const char *delimiter, *comments;   /* "" for blanks; "" for none */
    int64_t *cells;
    int64_t count, room, rows, columns, line;
    int64_t wanted[COLUMNS_MAX], wanted_count;   /* usecols; 0: all columns */
    double filling;                     /* genfromtxt: what stands for what is no number */
    int is_float, fills;
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
    int none = end == text;
    while (isspace((unsigned char)*end))
        end++;
    int wrong = none || *end || strpbrk(text, "xX") || (!table->is_float && errno);
    if (wrong && table->fills) {
        number = table->filling;
        integer = (int64_t)table->filling;
    }
    if (wrong && !table->fills)
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

/* The fields of a line, each ended by a zero: as many as are returned, of which the first ones are kept. */
static int64_t split_line(const Table *table, char *line, char **fields, int64_t room) {
    char *rest = line, *field;
    int64_t count = 0;
    for (; (field = next_field(table, &rest)); count++)
        if (count < room)
            fields[count] = field;
    return count;
}

/* The columns that are asked for; a negative one counts from the end. */
static int add_wanted(Table *table, char **fields, int64_t have) {
    for (int64_t i = 0; i < table->wanted_count; i++) {
        int64_t column = table->wanted[i] + (table->wanted[i] < 0 ? have : 0);
        if (column < 0 || column >= have)
            return error_set("ValueError", "invalid column index %lld at row %lld with %lld columns", (long long)table->wanted[i],
                             (long long)table->rows + 1, (long long)have);
        if (add_cell(table, fields[column]))
            return 1;
    }
    return 0;
}

static int add_all(Table *table, char **fields, int64_t have) {
    if (table->rows && have != table->columns)
        return error_set("ValueError", "the number of columns changed from %lld to %lld at row %lld",
                         (long long)table->columns, (long long)have, (long long)table->rows + 1);
    table->columns = have;
    for (int64_t i = 0; i < have; i++)
        if (add_cell(table, fields[i]))
            return 1;
    return 0;
}

static int add_line(Table *table, char *line) {
    char *comment = *table->comments ? strstr(line, table->comments) : NULL;
    if (comment)
        *comment = 0;
    if (!line[strspn(line, " \t\r\n\v\f")])
        return 0;
    int64_t room = (int64_t)strlen(line) + 1;
    char **fields = malloc((size_t)room * sizeof *fields);
    if (!fields)
        return error_set("MemoryError", "out of memory for a text file");
    int64_t have = split_line(table, line, fields, room);
    int status = table->wanted_count ? add_wanted(table, fields, have) : add_all(table, fields, have);
    table->columns = table->wanted_count ? table->wanted_count : table->columns;
    table->rows++;
    free(fields);
    return status;
}

/* Rows that are dropped from the end: skip_footer. */
static void drop_rows(Table *table, int64_t rows) {
    if (rows <= 0)
        return;
    table->rows = rows < table->rows ? table->rows - rows : 0;
    table->count = table->rows * table->columns;
}

/* One row or one column is an array of one axis, as NumPy squeezes it, and both a number, unless ndmin asks for more. */
static int give_table(const Table *table, int64_t dtype, int64_t rank, int64_t least) {
    int64_t have = !table->rows ? 1 : (table->rows != 1) + (table->columns != 1);
    mnp_array *out = table->out;
    if (have < least)
        have = least;
    if (have != rank)
        return error_set("ValueError", "the file has %lld rows of %lld columns, which is no array of rank %lld: annotate it, or "
                         "give ndmin", (long long)table->rows, (long long)table->columns, (long long)rank);
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

/* "0 2 ": the columns of usecols. */
static int read_columns(Table *table, const char *text, int64_t length) {
    char copy[1024], *at = copy, *end;
    if (copy_text(copy, sizeof copy, text, length))
        return 1;
    while (*at) {
        if (table->wanted_count == COLUMNS_MAX)
            return error_set("ValueError", "at most %d columns in usecols are supported", COLUMNS_MAX);
        table->wanted[table->wanted_count++] = strtoll(at, &end, 10);
        at = end + (*end == ' ');
    }
    return 0;
}

/* `skipped` lines in front and `footer` rows at the end are left out; at most `most` rows (-1: all) are read. */
static int read_table(Table *table, FILE *file, int64_t skipped, int64_t footer, int64_t most) {
    char *line = NULL;
    size_t room = 0;
    int status = 0, got = 1;
    while (!status && (most < 0 || table->rows < most) && (got = getline(&line, &room, file) >= 0))
        if (++table->line > skipped)
            status = add_line(table, line);
    if (!status && !got && !feof(file))
        status = error_set(errno == ENOMEM ? "MemoryError" : "OSError", "[Errno %d] %s", errno, strerror(errno));
    drop_rows(table, footer);
    free(line);
    return status;
}

int mnp_loadtxt(void *bytes, int64_t length, int64_t dtype, int64_t rank, void *comments, int64_t comments_length,
                void *delimiter, int64_t delimiter_length, void *columns, int64_t columns_length, int64_t skipped,
                int64_t footer, int64_t most, int64_t least, int64_t fills, double filling, void *out) {
    char path[4096], mark[32], between[32];
    Table table = {.out = out, .delimiter = between, .comments = mark, .is_float = dtype == MNP_F64, .fills = (int)fills,
                   .filling = filling};
    if (copy_text(path, sizeof path, bytes, length) || copy_text(mark, sizeof mark, comments, comments_length) ||
        copy_text(between, sizeof between, delimiter, delimiter_length) || read_columns(&table, columns, columns_length))
        return 1;
    FILE *file = fopen(path, "r");
    if (!file)
        return errno == ENOENT ? error_set("FileNotFoundError", "%s not found.", path)
                               : error_set("OSError", "[Errno %d] %s: '%s'", errno, strerror(errno), path);
    int status = read_table(&table, file, skipped, footer, most);
    status = status || give_table(&table, dtype, rank, least);
    free(table.cells);
    fclose(file);
    return status;
}
