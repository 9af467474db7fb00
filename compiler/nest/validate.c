/* validate.c: every function of scalars and arrays, run on chosen inputs before and after a pass. */
#include "nest/nest.h"

#include <math.h>
#include <stdlib.h>

enum { CHOICES_MAX = 24, TRIES_MAX = 200, PARAMETERS_MAX = 24, ELEMENTS_MAX = 4096, STEPS_MAX = 2000000 };

/* One function's outcome for one choice of inputs. */
typedef struct {
    Name function;
    int64_t scalars[PARAMETERS_MAX];
    Outcome outcome;
} Record;

struct Snapshot {
    VEC(Record *) records;
    Arena *arena;
};

typedef struct {
    const Function *function;
    const int64_t *scalars;
} Choice;

static int64_t scalar_of(Atom *atom, void *user) {
    const Choice *choice = user;
    const Value *value = atom_value(atom);
    for (int i = 0; i < choice->function->parameters.count; i++)
        if (choice->function->parameters.data[i] == value)
            return choice->scalars[i];
    return -1;
}

static double odd_number(int64_t i) {
    return i % 37 == 11 ? NAN : i % 23 == 7 ? -0.0 : sin(1.7 * (double)i) * 10;
}

static void fill(DType dtype, unsigned char *data, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        double number = odd_number(i);
        float narrow = (float)number;
        int64_t whole = (i * 7919 + 13) % 101 - 50;
        if (dtype == DTYPE_F64)
            memcpy(data + 8 * i, &number, 8);
        else if (dtype == DTYPE_F32)
            memcpy(data + 4 * i, &narrow, 4);
        else if (dtype == DTYPE_BOOL)
            data[i] = whole & 1;
        else
            memcpy(data + dtype_info(dtype)->bytes * i, &whole, (size_t)dtype_info(dtype)->bytes);
    }
}

static bool is_supported(const Function *function) {
    if (function->main || function->parameters.count > PARAMETERS_MAX)
        return false;
    for (int i = 0; i < function->parameters.count; i++) {
        const Value *parameter = function->parameters.data[i];
        if (parameter->kind == VALUE_POINTER || (parameter->kind == VALUE_ARRAY && !value_is_contiguous(parameter)))
            return false;
    }
    return true;
}

/* Elements of an array parameter under a choice; -1 where the shape is none. */
static int64_t element_count(const Choice *choice, const Value *array) {
    int64_t count = 1, size;
    for (int axis = 0; axis < array->rank; axis++) {
        if (!size_evaluate(array->shape[axis], scalar_of, (void *)choice, &size) || size < 0 || size > ELEMENTS_MAX)
            return -1;
        count *= size;
    }
    return count <= ELEMENTS_MAX ? count : -1;
}

/* Runs the function with these scalars; false where no arrays of such sizes exist. */
static bool run_choice(const Function *function, const int64_t *scalars, Outcome *outcome) {
    Choice choice = {function, scalars};
    Argument arguments[PARAMETERS_MAX + 8];
    void *memory[PARAMETERS_MAX + 8] = {NULL};
    bool possible = true;
    for (int i = 0; i < function->parameters.count && possible; i++) {
        const Value *parameter = function->parameters.data[i];
        arguments[i].scalar.i = scalars[i];
        if (parameter->kind == VALUE_SCALAR && dtype_is_float(parameter->dtype))
            arguments[i].scalar.f = odd_number(scalars[i] + 3);
        if (parameter->kind != VALUE_ARRAY)
            continue;
        int64_t count = element_count(&choice, parameter);
        possible = count >= 0;
        if (!possible)
            break;
        memory[i] = malloc((size_t)count * 8 + 8);
        if (!memory[i])
            fatal("out of memory");
        fill(parameter->dtype, memory[i], count);
        arguments[i].tensor.data = memory[i];
    }
    if (possible)
        interpret(function, arguments, STEPS_MAX, outcome);
    for (int i = 0; i < function->parameters.count; i++)
        free(memory[i]);
    return possible;
}

static int64_t choose(uint64_t *state, int width) {
    const int64_t sizes[] = {0, 1, 2, 3, width - 1, width, width + 1, 5, 3, 9};
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return sizes[*state >> 33 & 0xff ? (*state >> 33) % 10 : 3];
}

static void take_function(Snapshot *snapshot, const Function *function, int width) {
    uint64_t state = 88172645463325252ull;
    int taken = 0;
    for (int try = 0; try < TRIES_MAX && taken < CHOICES_MAX; try++) {
        Record *record = ARENA_NEW(snapshot->arena, Record);
        record->function = function->name;
        for (int i = 0; i < function->parameters.count; i++)
            record->scalars[i] = choose(&state, width);
        if (!run_choice(function, record->scalars, &record->outcome))
            continue;
        VEC_PUSH(snapshot->arena, snapshot->records, record);
        taken++;
    }
}

/* The module that the text of this one says; its own text must be the same again. */
static Module *read_back(const Module *module, const char *when) {
    Text text = {0}, again = {0};
    ReadError why;
    nest_print_module(&text, module);
    Module *copy = nest_read(text.data ? text.data : "", text.length, &why);
    if (!copy)
        BUG("after %s, the text of the module is not read: %s\n%s", when, why.text, text.data);
    nest_print_module(&again, copy);
    if (text.length != again.length || (text.length && memcmp(text.data, again.data, text.length)))
        BUG("after %s, the text of the module is read as another one\n%s\n%s", when, text.data, again.data);
    text_free(&text);
    text_free(&again);
    return copy;
}

Snapshot *snapshot_take(const Module *module, int width) {
    Arena *arena = arena_new();
    Snapshot *snapshot = ARENA_NEW(arena, Snapshot);
    snapshot->arena = arena;
    arena_free(read_back(module, "the pass before")->arena);
    for (const Function *function = module->functions; function; function = function->next)
        if (is_supported(function))
            take_function(snapshot, function, width);
    return snapshot;
}

static bool same_text(const Text *a, const Text *b) {
    return a->length == b->length && (!a->length || !memcmp(a->data, b->data, a->length));
}

static bool same_outcome(const Outcome *a, const Outcome *b) {
    if (a->exhausted || b->exhausted)
        return true;
    return a->failed == b->failed && !strcmp(a->message, b->message) && same_text(&a->trace, &b->trace) &&
           same_text(&a->arrays, &b->arrays) && a->leaked == b->leaked;
}

static void report(const Function *function, const Record *record, const Outcome *now, const char *when, bool copy) {
    Text text = {0};
    nest_print_function(&text, function);
    fprintf(stderr, "%s\n", text.data);
    for (int i = 0; i < function->parameters.count; i++)
        fprintf(stderr, "parameter %d: %lld\n", i, (long long)record->scalars[i]);
    BUG("after %s, %s%s does something else: \"%s\" before, \"%s\" now", when, function->name,
        copy ? ", read from its text," : "", record->outcome.message, now->message);
}

static void compare_record(const Record *record, const Module *module, const char *when, bool copy) {
    const Function *function = module_find(module, record->function);
    Outcome now = {0};
    if (function && run_choice(function, record->scalars, &now) && !same_outcome(&record->outcome, &now))
        report(function, record, &now, when, copy);
    outcome_free(&now);
}

void snapshot_compare(const Snapshot *before, const Module *module, const char *when) {
    Module *copy = read_back(module, when);
    for (int i = 0; i < before->records.count; i++) {
        Record *record = before->records.data[i];
        compare_record(record, module, when, false);
        compare_record(record, copy, when, true);
        outcome_free(&record->outcome);
    }
    arena_free(copy->arena);
    arena_free(before->arena);
}
