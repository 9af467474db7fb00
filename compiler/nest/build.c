/* build.c: values, functions, and nodes built at a cursor. */
#include "nest/nest.h"

/* ---- values -------------------------------------------------------------------------------- */

Value *value_new(Module *module, ValueKind kind, DType dtype, Name name) {
    Value *value = ARENA_NEW(module->arena, Value);
    value->kind = kind;
    value->dtype = dtype;
    value->name = name;
    value->id = module->value_count++;
    return value;
}

Value *value_like(Module *module, const Value *other) {
    Value *value = value_new(module, other->kind, other->dtype, other->name);
    value->rank = other->rank;
    value->owned = other->owned;
    memcpy(value->shape, other->shape, sizeof value->shape);
    memcpy(value->stride, other->stride, sizeof value->stride);
    return value;
}

Size value_size(Value *value) {
    if (value->size)
        return value->size;
    if (!value->atom) {
        char name[24];
        snprintf(name, sizeof name, "%%%u", value->id);
        value->atom = atom_var(value->name ? value->name : name);
        value->atom->owner = value;
    }
    return size_atom(value->atom);
}

Value *atom_value(const Atom *atom) {
    return atom->kind == ATOM_VAR ? atom->owner : NULL;
}

void build_contiguous(int rank, const Size *shape, Size *stride) {
    Size product = size_const(1);
    for (int axis = rank - 1; axis >= 0; axis--) {
        stride[axis] = product;
        product = size_mul(product, shape[axis]);
    }
}

bool value_is_contiguous(const Value *array) {
    Size stride[RANK_MAX];
    build_contiguous(array->rank, array->shape, stride);
    return !memcmp(stride, array->stride, sizeof(Size) * (size_t)array->rank);
}

Value *value_root(Value *array) {
    while (array->node && array->node->kind == NODE_VIEW)
        array = array->node->as.view.base;
    return array;
}

void values_add(Arena *arena, Values *values, Value *value) {
    VEC_PUSH(arena, *values, value);
}

/* ---- modules and functions ----------------------------------------------------------------- */

Module *module_new(const char *source_path) {
    Arena *arena = arena_new();
    Module *module = ARENA_NEW(arena, Module);
    module->arena = arena;
    module->source_path = source_path;
    return module;
}

Region *region_new(Function *function, Node *parent) {
    Region *region = ARENA_NEW(function->module->arena, Region);
    region->function = function;
    region->parent = parent;
    return region;
}

Function *module_function(Module *module, Name name, Span span) {
    Function *function = ARENA_NEW(module->arena, Function);
    function->module = module;
    function->name = name;
    function->id = module->function_count++;
    function->span = span;
    function->body = region_new(function, NULL);
    Function **link = &module->functions;
    while (*link)
        link = &(*link)->next;
    *link = function;
    return function;
}

void module_remove(Function *function) {
    Function **link = &function->module->functions;
    while (*link != function)
        link = &(*link)->next;
    *link = function->next;
}

Function *module_find(const Module *module, const char *name) {
    for (Function *function = module->functions; function; function = function->next)
        if (!strcmp(function->name, name))
            return function;
    return NULL;
}

Cell *module_cell(Module *module, Name name, ValueKind kind, DType dtype, int rank) {
    Cell *cell = ARENA_NEW(module->arena, Cell);
    *cell = (Cell){name, kind, dtype, rank, module->cells};
    module->cells = cell;
    return cell;
}

static void log_line(Function *function, bool is_step, const char *format, va_list arguments) {
    Text text = {0};
    text_vprintf(&text, format, arguments);
    LogLine line = {arena_strndup(function->module->arena, text.data, text.length), is_step};
    text_free(&text);
    VEC_PUSH(function->module->arena, function->log, line);
}

void function_log(Function *function, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_line(function, false, format, arguments);
    va_end(arguments);
}

void function_log_step(Function *function, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    log_line(function, true, format, arguments);
    va_end(arguments);
}

Value *build_parameter(Function *function, ValueKind kind, DType dtype, Name name) {
    Value *value = value_new(function->module, kind, dtype, name);
    values_add(function->module->arena, &function->parameters, value);
    return value;
}

Value *build_array_parameter(Function *function, DType dtype, Name name, int rank,
                             const Size *shape, const Size *stride) {
    Value *value = build_parameter(function, VALUE_ARRAY, dtype, name);
    value->rank = rank;
    for (int axis = 0; axis < rank; axis++) {
        value->shape[axis] = shape[axis];
        value->stride[axis] = stride[axis];
    }
    return value;
}

/* ---- nodes --------------------------------------------------------------------------------- */

static Arena *arena_of(const Builder *b) {
    return b->function->module->arena;
}

Node *node_new(Builder *b, NodeKind kind) {
    Node *node = ARENA_NEW(arena_of(b), Node);
    node->kind = kind;
    node->span = b->span;
    node_move(node, b->region, b->before);
    return node;
}

static Value *node_result(Builder *b, Node *node, ValueKind kind, DType dtype) {
    Value *value = value_new(b->function->module, kind, dtype, NULL);
    value->node = node;
    values_add(arena_of(b), &node->results, value);
    return value;
}

static void results_like(Builder *b, Node *node, const Values *like) {
    for (int i = 0; like && i < like->count; i++) {
        Value *value = value_like(b->function->module, like->data[i]);
        value->node = node;
        values_add(arena_of(b), &node->results, value);
    }
}

Value *build_const(Builder *b, DType dtype, Scalar scalar) {
    Node *node = node_new(b, NODE_CONST);
    node->as.constant.value = scalar;
    Value *value = node_result(b, node, VALUE_SCALAR, dtype);
    if (dtype == DTYPE_I64)
        value->size = size_const(scalar.i);
    return value;
}

Value *build_f64(Builder *b, double value) {
    return build_const(b, DTYPE_F64, (Scalar){.f = value});
}

Value *build_bool(Builder *b, bool value) {
    return build_const(b, DTYPE_BOOL, (Scalar){.i = value});
}

Value *build_string(Builder *b, const char *data, size_t length) {
    Node *node = node_new(b, NODE_STRING);
    node->as.string.data = data;
    node->as.string.length = length;
    return node_result(b, node, VALUE_POINTER, DTYPE_U8);
}

Value *build_size(Builder *b, Size size) {
    Atom *atom = size_as_atom(size);
    int64_t constant;
    if (atom && atom->kind == ATOM_VAR && atom->owner)
        return atom->owner;
    if (size_is_const(size, &constant))
        return build_const(b, DTYPE_I64, (Scalar){.i = constant});
    Node *node = node_new(b, NODE_SIZE);
    node->as.size.size = size;
    Value *value = node_result(b, node, VALUE_SCALAR, DTYPE_I64);
    value->size = size;
    return value;
}

/* The constant that an operation on constants gives; NULL if it is none. */
static Value *fold(Builder *b, Op op, DType result, Value *const *operands, int count) {
    Scalar scalars[OPERANDS_MAX];
    for (int i = 0; i < count; i++) {
        if (!operands[i]->node || operands[i]->node->kind != NODE_CONST)
            return NULL;
        scalars[i] = operands[i]->node->as.constant.value;
    }
    DType dtype = operands[op == OP_SELECT]->dtype;
    return build_const(b, result, op_evaluate(op, dtype, result, scalars));
}

Value *build_let(Builder *b, Op op, DType result, Value *x, Value *y, Value *z) {
    Value *operands[OPERANDS_MAX] = {x, y, z};
    Value *folded = fold(b, op, result, operands, op_info(op)->arity);
    if (folded)
        return folded;
    Node *node = node_new(b, NODE_LET);
    node->as.let.op = op;
    memcpy(node->as.let.operands, operands, sizeof operands);
    return node_result(b, node, VALUE_SCALAR, result);
}

Value *build_load(Builder *b, Value *array, const Size *index) {
    Node *node = node_new(b, NODE_LOAD);
    node->as.load.array = array;
    memcpy(node->as.load.index, index, sizeof(Size) * (size_t)array->rank);
    return node_result(b, node, VALUE_SCALAR, array->dtype);
}

Node *build_store(Builder *b, Value *array, const Size *index, Value *value) {
    Node *node = node_new(b, NODE_STORE);
    node->as.store.array = array;
    node->as.store.value = value;
    memcpy(node->as.store.index, index, sizeof(Size) * (size_t)array->rank);
    return node;
}

static void make_heads(Builder *b, Node *node, const Values *init, Values *heads) {
    for (int i = 0; init && i < init->count; i++) {
        Value *head = value_like(b->function->module, init->data[i]);
        head->node = node;
        head->is_head = true;
        values_add(arena_of(b), heads, head);
    }
}

static Values copy_values(Builder *b, const Values *values) {
    Values copy = {0};
    for (int i = 0; values && i < values->count; i++)
        values_add(arena_of(b), &copy, values->data[i]);
    return copy;
}

Node *build_for(Builder *b, Name label, Size lo, Size hi, int64_t step, const Values *init) {
    Node *node = node_new(b, NODE_FOR);
    node->as.loop.label = label_fresh(b->function, label);
    node->as.loop.lo = lo;
    node->as.loop.hi = hi;
    node->as.loop.step = step;
    node->as.loop.width = 1;
    node->as.loop.iv = value_new(b->function->module, VALUE_SCALAR, DTYPE_I64, node->as.loop.label);
    node->as.loop.iv->node = node;
    node->as.loop.iv->is_iv = true;
    node->as.loop.init = copy_values(b, init);
    make_heads(b, node, init, &node->as.loop.heads);
    node->as.loop.body = region_new(b->function, node);
    results_like(b, node, init);
    return node;
}

Node *build_while(Builder *b, Name label, const Values *init) {
    Node *node = node_new(b, NODE_WHILE);
    node->as.whilst.label = label_fresh(b->function, label);
    node->as.whilst.init = copy_values(b, init);
    make_heads(b, node, init, &node->as.whilst.heads);
    node->as.whilst.head = region_new(b->function, node);
    node->as.whilst.body = region_new(b->function, node);
    results_like(b, node, init);
    return node;
}

Node *build_if(Builder *b, Value *test, const Values *like) {
    Node *node = node_new(b, NODE_IF);
    node->as.branch.test = test;
    node->as.branch.then = region_new(b->function, node);
    node->as.branch.otherwise = region_new(b->function, node);
    results_like(b, node, like);
    return node;
}

Node *build_version(Builder *b, const Goal *goals, int goal_count, const Values *like,
                    const char *why) {
    Node *node = node_new(b, NODE_VERSION);
    node->as.version.goals = ARENA_ARRAY(arena_of(b), Goal, goal_count);
    if (goal_count)
        memcpy(node->as.version.goals, goals, sizeof(Goal) * (size_t)goal_count);
    node->as.version.goal_count = goal_count;
    node->as.version.why = why;
    node->as.version.fast = region_new(b->function, node);
    node->as.version.plain = region_new(b->function, node);
    results_like(b, node, like);
    return node;
}

Node *build_reduce(Builder *b, Name label, Op op, DType dtype, Size count) {
    Node *node = node_new(b, NODE_REDUCE);
    node->as.reduce.label = label_fresh(b->function, label);
    node->as.reduce.op = op;
    node->as.reduce.count = count;
    node->as.reduce.iv =
        value_new(b->function->module, VALUE_SCALAR, DTYPE_I64, node->as.reduce.label);
    node->as.reduce.iv->node = node;
    node->as.reduce.iv->is_iv = true;
    node->as.reduce.body = region_new(b->function, node);
    node_result(b, node, VALUE_SCALAR, dtype);
    return node;
}

void build_yield(Region *region, const Values *values) {
    region->yields.count = 0;
    for (int i = 0; i < values->count; i++)
        values_add(region->function->module->arena, &region->yields, values->data[i]);
}

Node *build_check(Builder *b, CheckKind kind, Size size, Size bound, int failure,
                  const char *what) {
    Node *node = node_new(b, NODE_CHECK);
    node->as.check.kind = kind;
    node->as.check.size = size;
    node->as.check.bound = bound;
    node->as.check.failure = failure;
    node->as.check.what = what;
    return node;
}

static Value *array_result(Builder *b, Node *node, DType dtype, int rank, const Size *shape) {
    Value *value = node_result(b, node, VALUE_ARRAY, dtype);
    value->rank = rank;
    if (rank)
        memcpy(value->shape, shape, sizeof(Size) * (size_t)rank);
    return value;
}

Value *build_alloc(Builder *b, DType dtype, int rank, const Size *shape, bool zeroed) {
    Node *node = node_new(b, NODE_ALLOC);
    node->as.alloc.zeroed = zeroed;
    Value *value = array_result(b, node, dtype, rank, shape);
    build_contiguous(rank, shape, value->stride);
    value->owned = true;
    return value;
}

Value *build_zero(Builder *b, DType dtype) {
    return build_const(b, dtype, (Scalar){.re = 0, .im = 0});
}

void build_zeros(Builder *b, Value *array) {
    Builder at = *b;
    Size index[RANK_MAX];
    Value *value = build_zero(&at, array->dtype);
    for (int axis = 0; axis < array->rank; axis++) {
        Node *loop = build_for(&at, name_of("z"), size_const(0), array->shape[axis], 1, NULL);
        index[axis] = value_size(loop->as.loop.iv);
        at.region = loop->as.loop.body;
        at.before = NULL;
    }
    build_store(&at, array, index, value);
}

Value *build_view(Builder *b, Value *base, const Size *start, int rank, const int *axis,
                  const Size *step, const Size *shape) {
    Node *node = node_new(b, NODE_VIEW);
    node->as.view.kind = VIEW_AFFINE;
    node->as.view.base = base;
    memcpy(node->as.view.start, start, sizeof(Size) * (size_t)base->rank);
    Value *value = array_result(b, node, base->dtype, rank, shape);
    for (int j = 0; j < rank; j++) {
        node->as.view.axis[j] = axis[j];
        node->as.view.step[j] = axis[j] < 0 ? size_const(0) : step[j];
        value->stride[j] =
            axis[j] < 0 ? size_const(0) : size_mul(step[j], base->stride[axis[j]]);
    }
    return value;
}

Value *build_reshape(Builder *b, Value *base, int rank, const Size *shape) {
    Node *node = node_new(b, NODE_VIEW);
    node->as.view.kind = VIEW_RESHAPE;
    node->as.view.base = base;
    Value *value = array_result(b, node, base->dtype, rank, shape);
    build_contiguous(rank, shape, value->stride);
    return value;
}

void build_retain(Builder *b, Value *array) {
    node_new(b, NODE_RETAIN)->as.count.array = array;
}

void build_release(Builder *b, Value *array) {
    node_new(b, NODE_RELEASE)->as.count.array = array;
}

Node *build_call(Builder *b, Function *callee, const Values *arguments, const Values *like) {
    Node *node = node_new(b, NODE_CALL);
    node->as.call.callee = callee;
    node->as.call.arguments = copy_values(b, arguments);
    results_like(b, node, like);
    return node;
}

Node *build_runtime(Builder *b, const char *symbol, const Values *arguments, const Values *like) {
    Node *node = node_new(b, NODE_RUNTIME);
    node->as.runtime.symbol = name_of(symbol);
    node->as.runtime.arguments = copy_values(b, arguments);
    results_like(b, node, like);
    return node;
}

Node *build_cell_get(Builder *b, Cell *cell) {
    Node *node = node_new(b, NODE_CELL_GET);
    node->as.cell.cell = cell;
    Value *value = node_result(b, node, cell->kind, cell->dtype);
    value->rank = cell->rank;
    for (int i = 0; i < 2 * cell->rank; i++) {
        Value *extent = node_result(b, node, VALUE_SCALAR, DTYPE_I64);
        (i < cell->rank ? value->shape : value->stride)[i % cell->rank] = value_size(extent);
    }
    return node;
}

void build_cell_set(Builder *b, Cell *cell, Value *value) {
    Node *node = node_new(b, NODE_CELL_SET);
    node->as.cell.cell = cell;
    node->as.cell.value = value;
}

Node *build_exit(Builder *b, ExitKind kind, Node *target, const Values *values) {
    Node *node = node_new(b, NODE_EXIT);
    node->as.exit.kind = kind;
    node->as.exit.target = target;
    node->as.exit.values = copy_values(b, values);
    return node;
}
