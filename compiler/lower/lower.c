/* lower.c: functions, variables, and how values are passed. Start at lower_program. */
#include "lower/lowering.h"

/* ---- sizes --------------------------------------------------------------------------------- */

Size lower_size(Lowering *l, Size size) {
    return size_substitute_all(size, l->aliases.data, l->alias_sizes.data, l->aliases.count);
}

void alias_atom(Lowering *l, Size of, Size size) {
    Atom *atom = of ? size_as_atom(of) : NULL;
    if (!atom || atom->kind != ATOM_VAR || atom->owner || size == of)
        return;
    VEC_PUSH(l->arena, l->aliases, atom);
    VEC_PUSH(l->arena, l->alias_sizes, size);
}

static bool is_bound(Lowering *l, const Atom *atom) {
    for (int i = 0; i < l->aliases.count; i++)
        if (l->aliases.data[i] == atom)
            return true;
    return atom->owner != NULL;
}

void bind_atom(Lowering *l, Size of, Value *value) {
    Atom *atom = of ? size_as_atom(of) : NULL;
    if (!atom || atom->kind != ATOM_VAR || is_bound(l, atom))
        return;
    if (value->size || value->atom) {
        alias_atom(l, of, value_size(value));
        return;
    }
    value->atom = atom;
    atom->owner = value;
}

/* ---- variables ----------------------------------------------------------------------------- */

/* The variable's size, where it holds an element of fewer than 64 bits: sizes are made of ints of 64. */
static void bind_widened(Lowering *l, const Variable *variable, Value *value) {
    Atom *atom = size_as_atom(variable->size);
    bool narrow = value->kind == VALUE_SCALAR && value->dtype != DTYPE_I64;
    if (narrow && (!atom || atom->kind != ATOM_VAR || is_bound(l, atom)))
        return;
    bind_atom(l, variable->size, narrow ? build_let(&l->b, OP_CAST, DTYPE_I64, value, NULL, NULL) : value);
}

void set_variable(Lowering *l, const Variable *variable, Lowered lowered) {
    Lowered none = {0};
    while (l->variables.count <= (int)variable->id)
        VEC_PUSH(l->arena, l->variables, none);
    l->variables.data[variable->id] = lowered;
    if (lowered.value && variable->size)
        bind_widened(l, variable, lowered.value);
    for (int i = 0; variable->items && i < lowered.count; i++)
        if (variable->items[i] && lowered.items[i].value->dtype == DTYPE_I64)
            bind_atom(l, variable->items[i], lowered.items[i].value);
    if (lowered.value && variable->name && !lowered.value->name && !lowered.value->atom)
        lowered.value->name = variable->name;
}

Lowered get_variable(Lowering *l, const Variable *variable) {
    if ((int)variable->id < l->variables.count && (l->variables.data[variable->id].value ||
                                                   l->variables.data[variable->id].items))
        return l->variables.data[variable->id];
    return lower_dummy(l, variable->type);
}

/* ---- values in a row ----------------------------------------------------------------------- */

/* An array is followed by the sizes of its axes and, where its layout is not known, its strides. */
void flatten(Lowering *l, const Type *type, Lowered lowered, Values *out) {
    if (type_has_parts(type)) {
        for (int i = 0; i < type->count; i++)
            flatten(l, type->items[i], lowered.items[i], out);
        return;
    }
    if (type_is_nothing(type))
        return;
    values_add(l->arena, out, lowered.value);
    if (type->kind == TYPE_STRING)
        values_add(l->arena, out, lowered.length);
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        values_add(l->arena, out, build_size(&l->b, lowered.value->shape[axis]));
    for (int axis = 0; type->kind == TYPE_ARRAY && !type->contiguous && axis < type->rank; axis++)
        values_add(l->arena, out, build_size(&l->b, lowered.value->stride[axis]));
}

static Value *dummy(Lowering *l, ValueKind kind, DType dtype) {
    return value_new(l->module, kind, dtype, NULL);
}

void flatten_like(Lowering *l, const Type *type, Values *out) {
    if (type_has_parts(type)) {
        for (int i = 0; i < type->count; i++)
            flatten_like(l, type->items[i], out);
        return;
    }
    if (type_is_nothing(type))
        return;
    if (type->kind == TYPE_LIST) {
        Value *list = dummy(l, VALUE_ARRAY, DTYPE_I64);
        list->owned = true;
        values_add(l->arena, out, list);
        return;
    }
    if (type->kind == TYPE_STRING) {
        values_add(l->arena, out, dummy(l, VALUE_POINTER, DTYPE_U8));
        values_add(l->arena, out, dummy(l, VALUE_SCALAR, DTYPE_I64));
        return;
    }
    bool array = type->kind == TYPE_ARRAY;
    Value *value = dummy(l, array ? VALUE_ARRAY : VALUE_SCALAR, type->dtype);
    values_add(l->arena, out, value);
    if (!array)
        return;
    value->owned = true;
    value->rank = type->rank;
    for (int axis = 0; axis < type->rank; axis++)
        value->shape[axis] = value->stride[axis] = size_const(0);
    for (int i = 0; i < type->rank * (type->contiguous ? 1 : 2); i++) {
        Value *size = dummy(l, VALUE_SCALAR, DTYPE_I64);
        values_add(l->arena, out, size);
        if (i >= type->rank)
            value->stride[i - type->rank] = value_size(size);
    }
}

Lowered unflatten(Lowering *l, const Type *type, const Values *values, int *next) {
    Lowered lowered = {0};
    if (type_has_parts(type)) {
        lowered.count = type->count;
        lowered.items = ARENA_ARRAY(l->arena, Lowered, type->count);
        for (int i = 0; i < type->count; i++)
            lowered.items[i] = unflatten(l, type->items[i], values, next);
        return lowered;
    }
    if (type_is_nothing(type))
        return lowered;
    lowered.value = values->data[(*next)++];
    if (type->kind == TYPE_STRING)
        lowered.length = values->data[(*next)++];
    if (type->kind != TYPE_ARRAY)
        return lowered;
    Value *array = lowered.value;
    for (int axis = 0; axis < type->rank; axis++) {
        Value *extent = values->data[(*next)++];
        bind_atom(l, type->shape[axis], extent);
        array->shape[axis] = lower_size(l, type->shape[axis]);
    }
    build_contiguous(type->rank, array->shape, array->stride);
    for (int axis = 0; !type->contiguous && axis < type->rank; axis++)
        array->stride[axis] = value_size(values->data[(*next)++]);
    return lowered;
}

Lowered lower_dummy(Lowering *l, const Type *type) {
    Lowered lowered = {0};
    if (type_has_parts(type)) {
        lowered.count = type->count;
        lowered.items = ARENA_ARRAY(l->arena, Lowered, type->count);
        for (int i = 0; i < type->count; i++)
            lowered.items[i] = lower_dummy(l, type->items[i]);
    } else if (type->kind == TYPE_STRING) {
        lowered.value = build_string(&l->b, "", 0);
        lowered.length = build_size(&l->b, size_const(0));
    } else if (type->kind == TYPE_LIST) {
        lowered.value = build_alloc(&l->b, DTYPE_I64, 0, NULL, false);
    } else if (type->kind == TYPE_ARRAY) {
        Size shape[RANK_MAX];
        for (int axis = 0; axis < type->rank; axis++)
            shape[axis] = size_const(0);
        lowered.value = build_alloc(&l->b, type->dtype, type->rank, shape, false);
    } else {
        lowered.value = build_const(&l->b, type->kind == TYPE_SCALAR ? type->dtype : DTYPE_I64,
                                    (Scalar){.i = 0});
    }
    return lowered;
}

/* ---- checks -------------------------------------------------------------------------------- */

int failure_by_name(const char *name) {
    static const char *const names[] = {
#define FAILURE(name, exception, text) #name,
#include "../../runtime/failures.def"
#undef FAILURE
    };
    for (int i = 0; i < FAILURE_COUNT; i++)
        if (!strcmp(name, names[i]))
            return i;
    BUG("unknown failure %s", name);
}

void lower_checks(Lowering *l, const TCheck *check) {
    static const CheckKind kinds[] = {[FACT_GE] = CHECK_GE, [FACT_EQ] = CHECK_EQ, [FACT_NE] = CHECK_NE};
    for (; check; check = check->next) {
        if (check->verdict != UNDECIDED)
            continue;
        Span outer = l->b.span;
        l->b.span = check->span;
        Node *node = build_check(&l->b, kinds[check->kind], lower_size(l, check->size), NULL,
                                 failure_by_name(check->failure), check->what);
        for (int i = 0; i < 3; i++)
            node->as.check.values[i] = check->values[i] ? lower_size(l, check->values[i]) : NULL;
        l->b.span = outer;
    }
}

Node *check_true(Lowering *l, Value *cond, int failure, const char *what) {
    Node *node = build_check(&l->b, CHECK_TRUE, NULL, NULL, failure, what);
    node->as.check.cond = cond;
    return node;
}

void check_fits(Lowering *l, Size size) {
    int64_t value;
    Atom *atom = size_as_atom(size);
    if (!size_is_const(size, &value) && (!atom || atom->kind != ATOM_VAR))
        build_check(&l->b, CHECK_FITS, size, NULL, FAILURE_OVERFLOW, "an int of 64 bits");
}

/* ---- functions ----------------------------------------------------------------------------- */

static void lower_body(Lowering *l, const TFunction *source) {
    Function *function = declare_function(l, source);
    l->function = function;
    l->source = source;
    l->loop = NULL;
    l->b = (Builder){function, function->body, NULL, source->span};
    if (source->external)
        return;
    if (source->recursive)
        runtime_call(l, "mnp_enter", NULL, 0);
    lower_block(l, &source->body);
    Node *last = l->b.region->last;
    if (!last || last->kind != NODE_EXIT) {
        Values none = {0};
        Lowered result = lower_dummy(l, source->result);
        if (!type_is_nothing(source->result))
            flatten(l, source->result, result, &none);
        if (source->recursive)
            runtime_call(l, "mnp_leave", NULL, 0);
        build_exit(&l->b, EXIT_RETURN, NULL, &none);
    }
}

static Name instance_name(Lowering *l, const TFunction *source) {
    int same = 0;
    for (int i = 0; i < l->sources.count; i++)
        same += l->sources.data[i] != source && l->sources.data[i]->name == source->name;
    return same ? name_of(arena_printf(l->arena, "%s.%d", source->name, same)) : source->name;
}

/* As CPython's tracebacks call it: without its module. */
static Name shown_name(const TFunction *source) {
    const char *dot = strrchr(source->name, '.'), *name = dot ? dot + 1 : source->name;
    return name_of(source->main ? "<module>" : !strcmp(name, "lambda") ? "<lambda>" : name);
}

Module *lower_program(const TProgram *program, const char *source_path,
                      const LowerOptions *options) {
    Module *module = module_new(source_path);
    Lowering lowering = {.module = module, .arena = module->arena, .options = options};
    Lowering *l = &lowering;
    for (const TFunction *source = program->functions; source; source = source->next) {
        Function *function = declare_function(l, source);
        function->name = instance_name(l, source);
        function->shown = shown_name(source);
        function->exported = source->exported;
        function->apart = source->exported;
    }
    /* Before any body: statements look at what may overlap. */
    for (const TFunction *source = program->functions; source; source = source->next) {
        if (!source->general)
            continue;
        Function *general = declare_function(l, source->general);
        declare_function(l, source)->general = general;
        general->name = name_of(arena_printf(l->arena, "%s.general", source->name));
        general->shown = shown_name(source);
        general->exported = general->apart = false;
    }
    for (const TFunction *source = program->functions; source; source = source->next) {
        lower_body(l, source);
        if (source->exported || source->external)
            describe_interface(l, source, l->function);
    }
    return module;
}
