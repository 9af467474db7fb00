/* plan.c: steps as text, one a line, which --explain prints and --plan=FILE reads:
 *
 *   FUNCTION: memset LOOP
 *   FUNCTION: gather_target LOOP
 *   FUNCTION: forward_init LOOP
 *   FUNCTION: fill_rest LOOP
 *   FUNCTION: compact LOOP [lanes W]
 *   FUNCTION: stream LOOP lanes W vectors V
 *   FUNCTION: tile LOOP [size N] rows R lanes W vectors V [skew LOOP by ROUNDS] [skew_lanes LOOP by ROUNDS]
 *
 * LOOP is a nest's outermost loop by its label. A function that the plan names gets the plan's steps and no others; all
 * functions else are the planner's. `#` starts a comment. A step that is not legal, or that no nest takes, is an
 * error that says why. */
#include "schedule/schedule.h"

#include <errno.h>
#include <stdlib.h>

typedef struct {
    const char *function;
    Step step;
    int line;
    bool used;
} PlanLine;

struct Plan {
    const char *path;
    Arena *arena;
    VEC(PlanLine) lines;
};

static const char *const kind_names[] = {"memset", "gather_target", "forward_init", "fill_rest", "compact", "stream", "tile"};
enum { KIND_COUNT = sizeof kind_names / sizeof *kind_names, WORDS_MAX = 32, LINE_MAX_LENGTH = 1024 };

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct {
    const Plan *plan;
    int line;
    char *words[WORDS_MAX];
    int count, at;
} Words;

_Noreturn static void wrong(const Words *words, const char *what) {
    fatal("%s:%d: %s", words->plan->path, words->line, what);
}

static char *next_word(Words *words) {
    return words->at < words->count ? words->words[words->at++] : NULL;
}

static const char *needed_word(Words *words, const char *what) {
    char *word = next_word(words);
    if (!word)
        wrong(words, what);
    return arena_strndup(words->plan->arena, word, strlen(word));
}

static int64_t needed_number(Words *words, int64_t least, int64_t most, const char *what) {
    char *end, *word = next_word(words);
    errno = 0;
    long long value = word ? strtoll(word, &end, 10) : 0;
    if (!word || *end || errno || value < least || value > most)
        wrong(words, what);
    return value;
}

static bool take_word(Words *words, const char *word) {
    bool found = words->at < words->count && !strcmp(words->words[words->at], word);
    words->at += found;
    return found;
}

static bool take_option(Words *words, Step *step) {
    Tile *tile = &step->tile;
    if (take_word(words, "size")) {
        step->size = needed_number(words, 1, 64, "expected `size N`, from 1 to 64");
    } else if (take_word(words, "rows")) {
        tile->rows = (int)needed_number(words, 1, COPIES_MAX, "expected `rows R`, from 1 to 16");
    } else if (take_word(words, "lanes")) {
        step->width = (int)needed_number(words, 2, 64, "expected `lanes W`, a power of 2 from 2 to 64");
        if (step->width & (step->width - 1))
            wrong(words, "expected `lanes W`, a power of 2 from 2 to 64");
    } else if (take_word(words, "vectors")) {
        tile->vectors = (int)needed_number(words, 1, COPIES_MAX, "expected `vectors V`, from 1 to 16");
    } else {
        bool lanes = take_word(words, "skew_lanes");
        if (!lanes && !take_word(words, "skew"))
            return false;
        tile->skewed = name_of(needed_word(words, "expected a loop to skew along"));
        if (!take_word(words, "by"))
            wrong(words, "expected `by` and a number of rounds");
        *(lanes ? &tile->lane_shift : &tile->shift) = needed_number(words, -4096, 4096, "expected a number of rounds");
    }
    return true;
}

static Step read_step(Words *words) {
    const char *name = needed_word(words, "expected a step");
    int kind = 0;
    while (kind < KIND_COUNT && strcmp(name, kind_names[kind]))
        kind++;
    if (kind == KIND_COUNT)
        wrong(words, "expected memset, gather_target, forward_init, fill_rest, compact, stream or tile");
    Step step = {.kind = (StepKind)kind, .tile = {.rows = 1, .vectors = 1}};
    step.loop = name_of(needed_word(words, "expected a loop's label"));
    while (words->at < words->count)
        if (!take_option(words, &step))
            wrong(words, "expected size, rows, lanes, vectors, skew or skew_lanes");
    if (!step.width && (step.kind == STEP_STREAM || step.kind == STEP_TILE))
        wrong(words, "`lanes W` is missing");
    return step;
}

static Words split_words(const Plan *plan, char *text, int line) {
    Words words = {.plan = plan, .line = line};
    text[strcspn(text, "#\n")] = 0;
    for (char *word = strtok(text, " \t\r"); word; word = strtok(NULL, " \t\r")) {
        if (words.count == WORDS_MAX)
            wrong(&words, "too many words");
        words.words[words.count++] = word;
    }
    return words;
}

Plan *plan_read(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        fatal("cannot read %s: %s", path, strerror(errno));
    Arena *arena = arena_new();
    Plan *plan = ARENA_NEW(arena, Plan);
    char text[LINE_MAX_LENGTH];
    plan->path = path;
    plan->arena = arena;
    for (int line = 1; fgets(text, sizeof text, file); line++) {
        Words words = split_words(plan, text, line);
        if (!words.count)
            continue;
        char *function = next_word(&words);
        size_t length = strlen(function);
        if (length < 2 || function[length - 1] != ':')
            wrong(&words, "expected `FUNCTION: STEP LOOP ...`");
        PlanLine row = {arena_strndup(arena, function, length - 1), read_step(&words), line, false};
        VEC_PUSH(arena, plan->lines, row);
    }
    fclose(file);
    return plan;
}

/* ---- asking -------------------------------------------------------------------------------- */

bool plan_rules(const Plan *plan, const Function *function) {
    for (int i = 0; plan && i < plan->lines.count; i++)
        if (!strcmp(plan->lines.data[i].function, function->name))
            return true;
    return false;
}

const Step *plan_step(Plan *plan, const Function *function, const Step *like, bool skewed_lanes) {
    for (int i = 0; plan && i < plan->lines.count; i++) {
        PlanLine *line = &plan->lines.data[i];
        if (line->step.kind != like->kind || line->step.loop != like->loop || line->step.size != like->size ||
            (line->step.tile.lane_shift != 0) != skewed_lanes || strcmp(line->function, function->name))
            continue;
        line->used = true;
        return &line->step;
    }
    return NULL;
}

void plan_refuse(const Plan *plan, const Step *step, const char *why) {
    for (int i = 0; i < plan->lines.count; i++)
        if (&plan->lines.data[i].step == step)
            fatal("%s:%d: %s %s is not legal: %s", plan->path, plan->lines.data[i].line, kind_names[step->kind],
                  step->loop, why);
}

void plan_finish(const Plan *plan) {
    for (int i = 0; plan && i < plan->lines.count; i++) {
        const PlanLine *line = &plan->lines.data[i];
        if (!line->used)
            fatal("%s:%d: no nest in %s takes the step %s %s", plan->path, line->line, line->function,
                  kind_names[line->step.kind], line->step.loop);
    }
}

/* ---- printing ------------------------------------------------------------------------------ */

void log_step(Function *function, const Step *step, const char *reason) {
    const Tile *tile = &step->tile;
    Text text = {0};
    text_printf(&text, "%s %s", kind_names[step->kind], step->loop);
    if (step->size)
        text_printf(&text, " size %lld", (long long)step->size);
    if (step->kind == STEP_TILE)
        text_printf(&text, " rows %d", tile->rows);
    if (step->kind == STEP_TILE || step->kind == STEP_STREAM)
        text_printf(&text, " lanes %d vectors %d", step->width, tile->vectors);
    if (step->kind == STEP_COMPACT && step->width > 1)
        text_printf(&text, " lanes %d", step->width);
    if (tile->shift)
        text_printf(&text, " skew %.*s by %lld", (int)strcspn(tile->skewed, "."), tile->skewed, (long long)tile->shift);
    if (tile->lane_shift)
        text_printf(&text, " skew_lanes %.*s by %lld", (int)strcspn(tile->skewed, "."), tile->skewed,
                    (long long)tile->lane_shift);
    function_log_step(function, "%s  # %s", text.data, reason);
    text_free(&text);
}
