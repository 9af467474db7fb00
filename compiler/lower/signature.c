/* signature.c: how functions take their arguments, inside and from C.
 *
 * The order is C's: each size that the array parameters mention stands once, before the first array
 * that spells it plainly, or, where none does, before the first that mentions it (`f64[2 * n]`).
 * Ints of the signature are sizes by themselves. Arrays of unknown layout come behind their strides.
 */
#include "lower/lowering.h"

/* A size and the array parameter that it stands before. */
typedef struct {
    Atom *atom;
    int parameter;
} NewSize;

typedef struct {
    Arena *arena;
    VEC(NewSize) all;
    const TFunction *source;
    int parameter;                /* whose shape is looked at */
} NewSizes;

static bool is_sized_int(const Variable *variable) {
    return variable->type->kind == TYPE_SCALAR && variable->type->dtype == DTYPE_I64 && variable->size;
}

static bool is_int_parameter(const TFunction *source, const Atom *atom) {
    for (int i = 0; i < source->parameter_count; i++) {
        const Variable *variable = source->parameters[i];
        if (is_sized_int(variable) && size_as_atom(variable->size) == atom)
            return true;
    }
    return false;
}

static bool is_plain_size(const Size size) {
    Atom *atom = size_as_atom(size);
    return atom && atom->kind == ATOM_VAR;
}

static bool spells_plainly(const Type *type, const Atom *atom) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        if (spells_plainly(type->items[i], atom))
            return true;
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        if (size_as_atom(type->shape[axis]) == atom)
            return true;
    return false;
}

static bool is_spelt_plainly(const TFunction *source, const Atom *atom) {
    for (int i = 0; i < source->parameter_count; i++)
        if (spells_plainly(source->parameters[i]->type, atom))
            return true;
    return false;
}

static void add_size(Atom *atom, void *user) {
    NewSizes *sizes = user;
    for (int i = 0; i < sizes->all.count; i++)
        if (sizes->all.data[i].atom == atom)
            return;
    if (!is_int_parameter(sizes->source, atom))
        VEC_PUSH(sizes->arena, sizes->all, ((NewSize){atom, sizes->parameter}));
}

static void add_hidden_size(Atom *atom, void *user) {
    if (!is_spelt_plainly(((NewSizes *)user)->source, atom))
        add_size(atom, user);
}

static void find_sizes_of(const Type *type, NewSizes *sizes) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        find_sizes_of(type->items[i], sizes);
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        if (is_plain_size(type->shape[axis]))
            add_size(size_as_atom(type->shape[axis]), sizes);
        else
            size_variables(type->shape[axis], add_hidden_size, sizes);
}

static NewSizes find_sizes(Lowering *l, const TFunction *source) {
    NewSizes sizes = {.arena = l->arena, .source = source};
    for (int i = 0; i < source->parameter_count; i++) {
        sizes.parameter = i;
        find_sizes_of(source->parameters[i]->type, &sizes);
    }
    return sizes;
}

/* ---- declarations -------------------------------------------------------------------------- */

static Value *declare_array(Function *function, const Type *type, Name name) {
    Size stride[RANK_MAX];
    build_contiguous(type->rank, type->shape, stride);
    for (int axis = 0; !type->contiguous && !function->external && axis < type->rank; axis++)
        stride[axis] = value_size(build_parameter(function, VALUE_SCALAR, DTYPE_I64, name_of("stride")));
    return build_array_parameter(function, type->dtype, name, type->rank, type->shape, stride);
}

static Lowered declare_parameter(Lowering *l, Function *function, const Type *type, Name name) {
    Lowered lowered = {.count = 0};
    if (type_has_parts(type)) {
        lowered.count = type->count;
        lowered.items = ARENA_ARRAY(l->arena, Lowered, type->count + 1);
        for (int i = 0; i < type->count; i++)
            lowered.items[i] = declare_parameter(l, function, type->items[i], name);
    } else if (type->kind == TYPE_ARRAY) {
        lowered.value = declare_array(function, type, name);
    } else if (type->kind == TYPE_LIST) {
        lowered.value = build_array_parameter(function, DTYPE_I64, name, 0, NULL, NULL);
    } else if (type->kind == TYPE_STRING) {
        lowered.value = build_parameter(function, VALUE_POINTER, DTYPE_U8, name);
        lowered.length = build_parameter(function, VALUE_SCALAR, DTYPE_I64,
                                         name_of(arena_printf(l->arena, "%s_length", name)));
    } else if (!type_is_nothing(type)) {
        lowered.value = build_parameter(function, VALUE_SCALAR, type->dtype, name);
    }
    return lowered;
}

Function *declare_function(Lowering *l, const TFunction *source) {
    for (int i = 0; i < l->sources.count; i++)
        if (l->sources.data[i] == source)
            return l->functions.data[i];
    Function *function = module_function(l->module, source->name, source->span);
    VEC_PUSH(l->arena, l->sources, source);
    VEC_PUSH(l->arena, l->functions, function);
    function->facts = source->facts;
    function->main = source->main;
    function->external = source->external;
    function->c_name = source->name;
    NewSizes sizes = find_sizes(l, source);
    for (int i = 0, next = 0; i < source->parameter_count; i++) {
        const Variable *variable = source->parameters[i];
        for (; next < sizes.all.count && sizes.all.data[next].parameter == i; next++) {
            Atom *atom = sizes.all.data[next].atom;
            bind_atom(l, size_atom(atom), build_parameter(function, VALUE_SCALAR, DTYPE_I64, name_of(atom->name)));
        }
        set_variable(l, variable, declare_parameter(l, function, variable->type, variable->name));
    }
    flatten_like(l, source->result, &function->results);
    return function;
}

/* ---- the interface to C -------------------------------------------------------------------- */

static bool is_parameter(const Interface *interface, const Value *value) {
    for (int i = 0; i < interface->parameter_count; i++)
        if (interface->parameters[i].value == value)
            return true;
    return false;
}

typedef struct {
    const Interface *interface;
    bool foreign;
} Foreign;

static void note_foreign(Atom *atom, void *user) {
    Foreign *foreign = user;
    const Value *value = atom_value(atom);
    foreign->foreign |= !value || !is_parameter(foreign->interface, value);
}

static void describe_result(Lowering *l, const Type *type, const Function *function, int *next) {
    Interface *interface = function->interface;
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        describe_result(l, type->items[i], function, next);
    if (type_has_parts(type) || type_is_nothing(type))
        return;
    CResult *result = &interface->results[interface->result_count++];
    *result = (CResult){function->results.data[*next], *next, type->kind == TYPE_ARRAY && !type->contiguous, true,
                         false};
    *next += type->kind == TYPE_STRING ? 2 : 1;
    if (type->kind != TYPE_ARRAY)
        return;
    Foreign foreign = {interface, false};
    for (int axis = 0; axis < type->rank; axis++) {
        result->value->shape[axis] = lower_size(l, type->shape[axis]);
        size_variables(result->value->shape[axis], note_foreign, &foreign);
    }
    result->known = !foreign.foreign;
    if (type->contiguous)
        build_contiguous(type->rank, result->value->shape, result->value->stride);
    *next += type->rank * (type->contiguous ? 1 : 2);
}

/* Sizes in terms of what a strided array brings. */
static void describe_sizes(Lowering *l, const TFunction *source, Interface *interface) {
    Equations equations = {.arena = l->arena};
    for (int i = 0; i < source->parameter_count; i++)
        if (is_sized_int(source->parameters[i]))
            equations_know(&equations, source->parameters[i]->size, source->parameters[i]->size);
    int ints = equations.atoms.count;
    for (int i = 0; i < interface->parameter_count; i++) {
        CParameter *parameter = &interface->parameters[i];
        for (int axis = 0; parameter->value->kind == VALUE_ARRAY && axis < parameter->value->rank; axis++) {
            parameter->axes[axis] = value_new(l->module, VALUE_SCALAR, DTYPE_I64, name_of("axis"));
            equations_add(&equations, parameter->value->shape[axis], value_size(parameter->axes[axis]));
        }
    }
    equations_solve(&equations);
    for (int i = ints; i < equations.atoms.count; i++)
        for (int k = 0; k < interface->parameter_count; k++)
            if (interface->parameters[k].value == atom_value(equations.atoms.data[i]))
                interface->parameters[k].size = equations.values.data[i];
}

void describe_interface(Lowering *l, const TFunction *source, Function *function) {
    Interface *interface = function->interface = ARENA_NEW(l->arena, Interface);
    interface->parameter_count = function->parameters.count;
    interface->parameters = ARENA_ARRAY(l->arena, CParameter, interface->parameter_count + 1);
    interface->results = ARENA_ARRAY(l->arena, CResult, function->results.count + 1);
    for (int i = 0; i < interface->parameter_count; i++)
        interface->parameters[i] = (CParameter){.value = function->parameters.data[i]};
    describe_sizes(l, source, interface);
    int next = 0;
    describe_result(l, source->result, function, &next);
}

/* ---- calls --------------------------------------------------------------------------------- */

static void add_equations(const Type *type, Lowered lowered, Equations *equations) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        add_equations(type->items[i], lowered.items[i], equations);
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        equations_add(equations, type->shape[axis], lowered.value->shape[axis]);
}

/* The callee's sizes in terms of the caller's. */
static Equations solve_sizes(Lowering *l, const TFunction *callee, const Lowered *values) {
    Equations equations = {.arena = l->arena};
    for (int i = 0; i < callee->parameter_count; i++) {
        const Variable *variable = callee->parameters[i];
        if (is_sized_int(variable))
            equations_know(&equations, variable->size, value_size(values[i].value));
        add_equations(variable->type, values[i], &equations);
    }
    equations_solve(&equations);
    return equations;
}

static Value *size_argument(Lowering *l, const Equations *equations, const Atom *atom) {
    Size size = equations_value(equations, atom);
    if (!size)
        BUG("the size %s of a call is not known", atom->name);
    return build_size(&l->b, size);
}

/* `packed`: the callee takes C order only. */
static void add_argument(Lowering *l, const Type *type, bool packed, Lowered lowered, Values *arguments) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        add_argument(l, type->items[i], packed, lowered.items[i], arguments);
    if (type_has_parts(type) || type_is_nothing(type))
        return;
    bool strided = type->kind == TYPE_ARRAY && !type->contiguous && !packed;
    for (int axis = 0; strided && axis < type->rank; axis++)
        values_add(l->arena, arguments, build_size(&l->b, lowered.value->stride[axis]));
    if (type->kind == TYPE_SCALAR && lowered.value->dtype == DTYPE_I64)
        check_fits(l, value_size(lowered.value));
    values_add(l->arena, arguments, lowered.value);
    if (type->kind == TYPE_STRING)
        values_add(l->arena, arguments, lowered.length);
}

/* target[...] = source[...], element by element. */
static void copy_elements(Lowering *l, Value *target, Value *source) {
    Builder outer = l->b;
    Size index[RANK_MAX];
    for (int axis = 0; axis < source->rank; axis++) {
        Node *loop = build_for(&l->b, name_of("copy"), size_const(0), source->shape[axis], 1, NULL);
        index[axis] = value_size(loop->as.loop.iv);
        l->b.region = loop->as.loop.body;
        l->b.before = NULL;
    }
    build_store(&l->b, target, index, build_load(&l->b, source, index));
    l->b = outer;
}

/* C takes arrays without gaps: others go through a copy, there and back. */
static void pack_arguments(Lowering *l, const TFunction *callee, Lowered *values, Value **packed) {
    for (int i = 0; i < callee->parameter_count; i++) {
        Value *value = values[i].value;
        packed[i] = NULL;
        if (callee->parameters[i]->type->kind != TYPE_ARRAY || callee->parameters[i]->type->contiguous)
            continue;
        packed[i] = build_alloc(&l->b, value->dtype, value->rank, value->shape, false);
        copy_elements(l, packed[i], value);
    }
}

/* Memory for a result of C; scalars come as results of the node. */
static Lowered external_result(Lowering *l, const Type *type, Values *arguments, Values *like) {
    Lowered lowered = {0};
    Size shape[RANK_MAX];
    if (type_has_parts(type)) {
        lowered.items = ARENA_ARRAY(l->arena, Lowered, type->count);
        lowered.count = type->count;
        for (int i = 0; i < type->count; i++)
            lowered.items[i] = external_result(l, type->items[i], arguments, like);
    } else if (type->kind == TYPE_ARRAY) {
        for (int axis = 0; axis < type->rank; axis++) {
            shape[axis] = lower_size(l, type->shape[axis]);
            Node *check = build_check(&l->b, CHECK_GE, shape[axis], NULL, FAILURE_NEGATIVE_SIZE, "a size of a result");
            check->as.check.values[0] = shape[axis];
        }
        lowered.value = build_alloc(&l->b, type->dtype, type->rank, shape, false);
        values_add(l->arena, arguments, lowered.value);
    } else if (!type_is_nothing(type)) {
        values_add(l->arena, like, value_new(l->module, VALUE_SCALAR, type->dtype, NULL));
    }
    return lowered;
}

static void take_scalars(Lowered *lowered, const Type *type, const Values *results, int *next) {
    for (int i = 0; type_has_parts(type) && i < type->count; i++)
        take_scalars(&lowered->items[i], type->items[i], results, next);
    if (type->kind == TYPE_SCALAR)
        lowered->value = results->data[(*next)++];
}

static Lowered call_external(Lowering *l, TExpr *expr, Lowered *values, Values *arguments) {
    const TFunction *callee = expr->as.call.callee;
    Values like = {0};
    Value **packed = ARENA_ARRAY(l->arena, Value *, callee->parameter_count + 1);
    pack_arguments(l, callee, values, packed);
    for (int i = 0; i < arguments->count; i++)
        for (int k = 0; k < callee->parameter_count; k++)
            if (packed[k] && arguments->data[i] == values[k].value)
                arguments->data[i] = packed[k];
    Lowered result = external_result(l, expr->type, arguments, &like);
    Node *node = build_runtime(&l->b, callee->name, arguments, &like);
    node->as.runtime.external = true;
    for (int k = 0; k < callee->parameter_count; k++)
        if (packed[k])
            copy_elements(l, values[k].value, packed[k]);
    int next = 0;
    take_scalars(&result, expr->type, &node->results, &next);
    return result;
}

Lowered lower_call(Lowering *l, TExpr *expr) {
    const TFunction *callee = expr->as.call.callee;
    Values arguments = {0};
    Lowered *values = ARENA_ARRAY(l->arena, Lowered, expr->as.call.count + 1);
    for (int i = 0; i < expr->as.call.count; i++) {
        int k = i < expr->as.call.ordered ? expr->as.call.order[i] : i;
        values[k] = lower_expr(l, expr->as.call.arguments[k]);
    }
    lower_checks(l, expr->checks);
    NewSizes sizes = find_sizes(l, callee);
    Equations equations = solve_sizes(l, callee, values);
    for (int i = 0, next = 0; i < expr->as.call.count; i++) {
        for (; next < sizes.all.count && sizes.all.data[next].parameter == i; next++)
            values_add(l->arena, &arguments, size_argument(l, &equations, sizes.all.data[next].atom));
        add_argument(l, callee->parameters[i]->type, callee->external, values[i], &arguments);
    }
    if (callee->external)
        return call_external(l, expr, values, &arguments);
    Function *function = declare_function(l, callee);
    Node *node = build_call(&l->b, function, &arguments, &function->results);
    int next = 0;
    return unflatten(l, expr->type, &node->results, &next);
}
