/* validate.c: every function of scalars and arrays, run on chosen inputs before and after a pass. */
#include "nest/nest.h"

#include <math.h>
#include <stdlib.h>

enum { CHOICES_MAX = 24, TRIES_MAX = 200, PARAMETERS_MAX = 24, ELEMENTS_MAX = 4096, STEPS_MAX = 300000 };

/* How the arrays lie whose strides are parameters. */
typedef enum { LAYOUT_C, LAYOUT_FORTRAN, LAYOUT_BACKWARDS, LAYOUT_SHARED, LAYOUT_COUNT } Layout;

/* How far elements lie before and after an array's first one. */
typedef struct {
    int64_t before, after;
} Extent;

/* One function's outcome for one choice of inputs. */
typedef struct {
    Name function;
    int64_t scalars[PARAMETERS_MAX];
    Layout layout;
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
    if (dtype_is_complex(dtype)) {
        fill(dtype_real(dtype), data, 2 * count);
        return;
    }
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
    if (function->parameters.count > PARAMETERS_MAX)
        return false;
    for (int i = 0; i < function->parameters.count; i++)
        if (function->parameters.data[i]->kind == VALUE_POINTER)
            return false;
    return true;
}

/* ---- arrays in memory ---------------------------------------------------------------------- */

static int parameter_of(const Function *function, Size size) {
    Atom *atom = size ? size_as_atom(size) : NULL;
    for (int i = 0; atom && i < function->parameters.count; i++)
        if (function->parameters.data[i] == atom_value(atom))
            return i;
    return -1;
}

/* The axis whose elements lie `place`-th closest together. */
static int axis_at(Layout layout, int rank, int place) {
    return layout == LAYOUT_FORTRAN ? place : rank - 1 - place;
}

/* Where an array's elements lie: strides into the parameters that stand for them, and how far its elements reach
 * from the first one. False if it has no such shape, or is of a size that is not tried. */
static bool place_array(const Function *function, int64_t *scalars, Layout layout, const Value *array, Extent *extent) {
    Choice choice = {function, scalars};
    int64_t step = layout == LAYOUT_BACKWARDS ? 2 : 1;
    bool free_strides = !value_is_contiguous(array);
    *extent = (Extent){0, 0};
    for (int place = 0; place < array->rank; place++) {
        int axis = axis_at(layout, array->rank, place), parameter = parameter_of(function, array->stride[axis]);
        int64_t size, stride;
        if (!size_evaluate(array->shape[axis], scalar_of, &choice, &size) || size < 0 || size > ELEMENTS_MAX)
            return false;
        if (free_strides && parameter >= 0)
            scalars[parameter] = layout == LAYOUT_BACKWARDS && place == 0 ? -step : step;
        step *= size ? size : 1;
        if (step > ELEMENTS_MAX || !size_evaluate(array->stride[axis], scalar_of, &choice, &stride))
            return false;
        int64_t reach = size ? (size - 1) * stride : 0;
        *(reach < 0 ? &extent->before : &extent->after) += reach < 0 ? -reach : reach;
    }
    return extent->before + extent->after <= 4 * ELEMENTS_MAX;
}

/* The array's memory; in LAYOUT_SHARED that of the array before it, an element further. */
static void give_memory(const Value *array, Layout layout, Extent extent, Argument *argument, const Argument *earlier) {
    size_t width = (size_t)dtype_info(array->dtype)->bytes;
    int64_t elements = extent.before + extent.after + 1;
    if (layout == LAYOUT_SHARED && earlier && earlier->size >= width * (size_t)(elements + 1)) {
        *argument = *earlier;
        argument->data = argument->memory + width * (size_t)(extent.before + 1);
        return;
    }
    elements += layout == LAYOUT_SHARED ? 8 : 0;
    argument->size = width * (size_t)elements;
    argument->memory = memory_new(argument->size, 1);
    fill(array->dtype, argument->memory, elements);
    argument->data = argument->memory + width * (size_t)extent.before;
}

static void free_memory(const Argument *arguments, int count) {
    for (int i = 0; i < count; i++) {
        bool again = false;
        for (int k = 0; k < i; k++)
            again |= arguments[k].memory == arguments[i].memory;
        if (!again)
            free(arguments[i].memory);
    }
}

/* Runs the function with these scalars; false where no arrays of such sizes exist. */
static bool run_choice(const Function *function, int64_t *scalars, Layout layout, Outcome *outcome) {
    Argument arguments[PARAMETERS_MAX] = {0};
    const Argument *earlier[DTYPE_COUNT] = {NULL};
    bool possible = true;
    for (int i = 0; i < function->parameters.count && possible; i++) {
        const Value *parameter = function->parameters.data[i];
        Extent extent;
        if (parameter->kind != VALUE_ARRAY)
            continue;
        possible = place_array(function, scalars, layout, parameter, &extent);
        if (possible)
            give_memory(parameter, layout, extent, &arguments[i], earlier[parameter->dtype]);
        earlier[parameter->dtype] = &arguments[i];
    }
    for (int i = 0; i < function->parameters.count; i++) {
        const Value *parameter = function->parameters.data[i];
        arguments[i].scalar.i = parameter->dtype == DTYPE_BOOL ? scalars[i] & 1 : scalars[i];
        if (parameter->kind == VALUE_SCALAR && dtype_is_float(dtype_real(parameter->dtype)))
            arguments[i].scalar = (Scalar){.re = odd_number(scalars[i] + 3), .im = odd_number(scalars[i] + 8)};
    }
    if (possible)
        interpret(function, arguments, STEPS_MAX, outcome);
    free_memory(arguments, function->parameters.count);
    return possible;
}

/* ---- choices ------------------------------------------------------------------------------- */

static int64_t choose(uint64_t *state, int width) {
    const int64_t sizes[] = {0, 1, 2, 3, width - 1, width, width + 1, 5, 3, 9};
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return sizes[*state >> 33 & 0xff ? (*state >> 33) % 10 : 3];
}

static bool takes_strides(const Function *function) {
    for (int i = 0; i < function->parameters.count; i++)
        if (function->parameters.data[i]->kind == VALUE_ARRAY && !value_is_contiguous(function->parameters.data[i]))
            return true;
    return false;
}

static void take_function(Snapshot *snapshot, const Function *function, int width) {
    uint64_t state = 88172645463325252ull;
    int taken = 0;
    bool strided = takes_strides(function);
    int layouts = function->apart ? LAYOUT_SHARED : LAYOUT_COUNT;
    int tries = function->parameters.count ? TRIES_MAX : 1;
    for (int try = 0; try < tries && taken < CHOICES_MAX; try++) {
        Record *record = ARENA_NEW(snapshot->arena, Record);
        record->function = function->name;
        record->layout = strided ? (Layout)(try % layouts) : LAYOUT_C;
        for (int i = 0; i < function->parameters.count; i++)
            record->scalars[i] = choose(&state, width);
        if (!run_choice(function, record->scalars, record->layout, &record->outcome))
            continue;
        taken++;
        if (record->outcome.exhausted)
            outcome_free(&record->outcome);
        else
            VEC_PUSH(snapshot->arena, snapshot->records, record);
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
    if (a->stopped || b->stopped)
        return a->stopped == b->stopped && same_text(&a->trace, &b->trace);
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

static void compare_record(Record *record, const Module *module, const char *when, bool copy) {
    const Function *function = module_find(module, record->function);
    Outcome now = {0};
    if (function && run_choice(function, record->scalars, record->layout, &now) && !same_outcome(&record->outcome, &now))
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
