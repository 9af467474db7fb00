/* fuzz_sources.c: damaged sources give diagnostics, never a crash: lines and words of the corpus are dropped, doubled,
 * exchanged and mixed, bytes are changed. Each source is checked in a child of this process, and goes through all passes
 * where it is still a program.
 * usage: fuzz_sources WORK COUNT SEED FILES...   (what was wrong is kept in WORK; case i has seed SEED + i)
 */
#include "driver/driver.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILES_MAX = 4096, SOURCE_MAX = 1 << 16, SECONDS = 20 /* of CPU time a source */ };

typedef struct {
    char *text;
    size_t length;
} Source;

static Source corpus[FILES_MAX];
static int corpus_count;
static uint64_t state;

static unsigned random_below(size_t limit) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return limit ? (unsigned)((state >> 33) % limit) : 0;
}

static void load(const char *path) {
    FILE *file = fopen(path, "rb");
    Source source = {malloc(SOURCE_MAX), 0};
    if (!file || !source.text || corpus_count == FILES_MAX) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    source.length = fread(source.text, 1, SOURCE_MAX / 4, file);
    fclose(file);
    corpus[corpus_count++] = source;
}

/* Replaces `removed` bytes at a place by others. */
static void splice(Source *source, size_t at, size_t removed, const char *text, size_t length) {
    if (at + removed > source->length || source->length - removed + length >= SOURCE_MAX)
        return;
    memmove(source->text + at + length, source->text + at + removed, source->length - at - removed);
    memcpy(source->text + at, text, length);
    source->length += length - removed;
}

typedef struct {
    size_t start, length;
} Part;

static Part line_at(const Source *source, size_t at) {
    Part part = {at, 0};
    while (part.start && source->text[part.start - 1] != '\n')
        part.start--;
    while (part.start + part.length < source->length && source->text[part.start + part.length] != '\n')
        part.length++;
    part.length += part.start + part.length < source->length;
    return part;
}

static bool is_of_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* A name or number, or a sign alone. */
static Part word_at(const Source *source, size_t at) {
    Part part = {at, 1};
    if (!source->length || !is_of_word(source->text[at]))
        return part;
    while (part.start && is_of_word(source->text[part.start - 1]))
        part.start--;
    part.length = at - part.start + 1;
    while (part.start + part.length < source->length && is_of_word(source->text[part.start + part.length]))
        part.length++;
    return part;
}

static void mix(Source *source, Part (*part_at)(const Source *, size_t)) {
    const Source *other = random_below(2) ? &corpus[random_below((size_t)corpus_count)] : source;
    if (!source->length || !other->length)
        return;
    Part to = part_at(source, random_below(source->length)), from = part_at(other, random_below(other->length));
    char copy[SOURCE_MAX / 4];
    size_t length = from.length < sizeof copy ? from.length : sizeof copy;
    memcpy(copy, other->text + from.start, length);
    splice(source, to.start, random_below(2) ? to.length : 0, copy, length);
}

static void change(Source *source) {
    static const char *const pieces[] = {"(", ")", "[", "]", ":", ",", "=", "\n", "    ", "-1", "0", "9223372036854775807", "1e308", "None",
                                         "a", "x[0]", "if ", "for i in ", "def f(x):\n", "return ", "lambda x: ", "*", "**", "@", "\"", "'",
                                         "f'{", "...", "\\", "#", "np.", ".T", "axis=", "f64[:]", "while True:\n", "\xff", "[[]]", "()"};
    size_t at = random_below(source->length + 1);
    const char *piece = pieces[random_below(sizeof pieces / sizeof *pieces)];
    switch (random_below(9)) {
    case 0: splice(source, at, random_below(20), "", 0); break;
    case 1: splice(source, at, 0, piece, strlen(piece)); break;
    case 2: {
        Part line = line_at(source, at);
        splice(source, line.start, line.length, "", 0);
        break;
    }
    case 3: case 4: mix(source, line_at); break;
    case 5: {
        char byte = (char)random_below(256);
        splice(source, at, at < source->length, &byte, 1);
        break;
    }
    default: mix(source, word_at); break;
    }
}

/* What the child does: all of the front end, and the passes where nothing was refused. */
static int check(const char *path) {
    DriverOptions options = {.optimize = true, .contract = true, .input = path, .check = true, .output = "/dev/null"};
    Module *module = pipeline_front(&options);
    if (module) {
        options.check = false;
        pipeline_passes(module, &options);
    }
    return diag_flush(stderr);
}

static int child_status(const char *path, const char *log) {
    pid_t child = fork();
    if (!child) {
        int file = open(log, O_CREAT | O_TRUNC | O_WRONLY, 0600);
        setrlimit(RLIMIT_CPU, &(struct rlimit){SECONDS, SECONDS});
        dup2(file, 1);
        dup2(file, 2);
        exit(check(path));
    }
    int status;
    return child < 0 || waitpid(child, &status, 0) != child ? -1 : status;
}

static bool is_fine(int status) {
    return WIFEXITED(status) && (WEXITSTATUS(status) <= 1 || WEXITSTATUS(status) == 3);
}

static void store(const char *path, const Source *source) {
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(source->text, 1, source->length, file) != source->length || fclose(file)) {
        fprintf(stderr, "%s cannot be written\n", path);
        exit(2);
    }
}

int main(int count, char **arguments) {
    if (count < 5) {
        fprintf(stderr, "usage: fuzz_sources WORK COUNT SEED FILES...\n");
        return 2;
    }
    long wanted = atol(arguments[2]), wrong = 0, refused = 0;
    uint64_t seed = strtoull(arguments[3], NULL, 10);
    for (int i = 4; i < count; i++)
        load(arguments[i]);
    char path[512], log[512], kept[512];
    snprintf(path, sizeof path, "%s/source.mnp", arguments[1]);
    snprintf(log, sizeof log, "%s/log", arguments[1]);
    Source source = {malloc(SOURCE_MAX), 0};
    for (long i = 0; i < wanted && wrong < 20; i++) {
        state = (seed + (uint64_t)i) * UINT64_C(0x9e3779b97f4a7c15);
        const Source *origin = &corpus[random_below((size_t)corpus_count)];
        memcpy(source.text, origin->text, source.length = origin->length);
        for (int changes = 1 + (int)random_below(4); changes > 0; changes--)
            change(&source);
        store(path, &source);
        int status = child_status(path, log);
        refused += status != 0;
        if (is_fine(status))
            continue;
        wrong++;
        snprintf(kept, sizeof kept, "%s/wrong_%llu.mnp", arguments[1], (unsigned long long)(seed + (uint64_t)i));
        store(kept, &source);
        snprintf(kept, sizeof kept, "%s/wrong_%llu.log", arguments[1], (unsigned long long)(seed + (uint64_t)i));
        rename(log, kept);
        printf("status %x: %s\n", (unsigned)status, kept);
        fflush(stdout);
    }
    printf("%ld sources, %ld refused, %ld wrong\n", wanted, refused, wrong);
    return wrong != 0;
}
