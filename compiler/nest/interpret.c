/* interpret.c: the meaning of the IR, slow and obvious. Every other room must agree with it. */
#include "nest/nest.h"

#include <stdlib.h>

typedef struct Buffer Buffer;
struct Buffer {
    Buffer *next;
    int64_t references;
    unsigned char *bytes;
    size_t size;
    bool foreign, stack;       /* the caller's memory, and the frame's: nobody counts */
};

typedef struct {
    Scalar scalar;
    unsigned char *data;       /* an array's first element */
    Buffer *buffer;            /* that the array lies in */
} Cellular;

typedef enum { GO_ON, LEFT, RETURNED, FAILED } Signal;

typedef struct {
    const Function *function;
    Cellular *values;          /* by Value.id */
    Node *target;              /* of the exit under way */
    ExitKind exit_kind;
    Cellular *leaving;         /* its values */
    int leaving_capacity;
    Buffer *buffers;
    Outcome *outcome;
    int64_t steps;
    int depth;
} Machine;

static Signal run_region(Machine *m, const Region *region);

/* ---- sizes and elements -------------------------------------------------------------------- */

static int64_t value_of(Atom *atom, void *user) {
    Value *value = atom_value(atom);
    return value ? ((Machine *)user)->values[value->id].scalar.i : 0;
}

static int64_t evaluate(Machine *m, Size size) {
    int64_t result = 0;
    size_evaluate(size, value_of, m, &result);
    return result;
}

static unsigned char *element(Machine *m, const Value *array, const Size *index) {
    int64_t offset = 0;
    for (int axis = 0; axis < array->rank; axis++)
        offset += evaluate(m, index[axis]) * evaluate(m, array->stride[axis]);
    return m->values[array->id].data + offset * dtype_info(array->dtype)->bytes;
}

static bool is_inside(const Machine *m, const Value *array, const unsigned char *at) {
    const Buffer *buffer = m->values[array->id].buffer;
    return buffer && buffer->references > 0 && at >= buffer->bytes && at + dtype_info(array->dtype)->bytes <= buffer->bytes + buffer->size;
}

static Scalar read_element(DType dtype, const unsigned char *at) {
    Scalar scalar = {.re = 0, .im = 0};
    if (dtype == DTYPE_F64) {
        memcpy(&scalar.f, at, 8);
    } else if (dtype == DTYPE_F32) {
        float value;
        memcpy(&value, at, 4);
        scalar.f = value;
    } else if (dtype_is_complex(dtype)) {
        int part = dtype_info(dtype)->bytes / 2;
        double im = read_element(dtype_real(dtype), at + part).f;
        scalar = read_element(dtype_real(dtype), at);
        scalar.im = im;
    } else {
        memcpy(&scalar.i, at, (size_t)dtype_info(dtype)->bytes);
        int unused = 64 - 8 * dtype_info(dtype)->bytes;
        if (dtype_info(dtype)->class == CLASS_INT)
            scalar.i = (int64_t)((uint64_t)scalar.i << unused) >> unused;
    }
    return scalar;
}

static void write_element(DType dtype, unsigned char *at, Scalar scalar) {
    float narrow = (float)scalar.f;
    if (dtype == DTYPE_F64)
        memcpy(at, &scalar.f, 8);
    else if (dtype == DTYPE_F32)
        memcpy(at, &narrow, 4);
    else if (dtype == DTYPE_C128)
        memcpy(at, &scalar, 16);
    else if (dtype == DTYPE_C64)
        memcpy(at, (float[]){narrow, (float)scalar.im}, 8);
    else
        memcpy(at, &scalar.i, (size_t)dtype_info(dtype)->bytes);
}

/* ---- buffers ------------------------------------------------------------------------------- */

static Signal fail(Machine *m, const char *format, ...) PRINTF_LIKE(2, 3);

static Signal fail(Machine *m, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(m->outcome->message, sizeof m->outcome->message, format, arguments);
    va_end(arguments);
    m->outcome->failed = true;
    return FAILED;
}

static Buffer *add_buffer(Machine *m, unsigned char *bytes, size_t size, bool foreign) {
    Buffer *buffer = memory_new(1, sizeof *buffer);
    *buffer = (Buffer){m->buffers, 1, bytes, size, foreign, false};
    m->buffers = buffer;
    return buffer;
}

static Signal allocate(Machine *m, const Node *node) {
    const Value *array = node->results.data[0];
    int64_t count = 1;
    for (int axis = 0; axis < array->rank; axis++)
        count *= evaluate(m, array->shape[axis]);
    if (count < 0 || count > 1 << 20)
        return fail(m, "MemoryError");
    size_t size = (size_t)count * (size_t)dtype_info(array->dtype)->bytes;
    unsigned char *bytes = memory_new(size + 1, 1);
    /* What is not zeroed holds something that is noticed. */
    if (!node->as.alloc.zeroed)
        memset(bytes, 0x7b, size);
    m->values[array->id] = (Cellular){.data = bytes, .buffer = add_buffer(m, bytes, size, false)};
    m->values[array->id].buffer->stack = node->as.alloc.stack;
    return GO_ON;
}

static void make_view(Machine *m, const Node *node) {
    const Value *base = node->as.view.base, *view = node->results.data[0];
    Cellular cell = m->values[base->id];
    if (node->as.view.kind == VIEW_AFFINE)
        cell.data = element(m, base, node->as.view.start);
    m->values[view->id] = cell;
}

static void release_values(Machine *m, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        const Value *value = values->data[i];
        Buffer *buffer = value->kind == VALUE_ARRAY && value->owned ? m->values[value->id].buffer : NULL;
        if (buffer)
            buffer->references--;
    }
}

/* What a region owned, up to the node where it was left. */
static void release_region(Machine *m, const Region *region, const Node *last) {
    for (const Node *node = region->first; node; node = node->next) {
        if (node == last)
            break;
        release_values(m, &node->results);
    }
}

/* ---- control ------------------------------------------------------------------------------- */

static void take(Machine *m, const Values *values, Cellular *out) {
    for (int i = 0; i < values->count; i++) {
        out[i] = m->values[values->data[i]->id];
        if (values->data[i]->size)
            out[i].scalar.i = evaluate(m, values->data[i]->size);
    }
}

static void give(Machine *m, const Values *values, const Cellular *in) {
    for (int i = 0; i < values->count; i++)
        m->values[values->data[i]->id] = in[i];
}

/* The values of an exit, until it arrives. */
static void take_leaving(Machine *m, const Values *values) {
    if (values->count > m->leaving_capacity) {
        m->leaving_capacity = 2 * values->count;
        m->leaving = realloc(m->leaving, sizeof *m->leaving * (size_t)m->leaving_capacity);
        if (!m->leaving)
            out_of_memory();
    }
    take(m, values, m->leaving);
}

static bool exhausted(Machine *m) {
    if (--m->steps > 0)
        return false;
    m->outcome->exhausted = true;
    return true;
}

/* One round of a loop's body; the next round's values are in `carried`. */
static Signal run_round(Machine *m, const Node *loop, const Region *body, const Values *heads, Cellular *carried) {
    give(m, heads, carried);
    Signal signal = run_region(m, body);
    if (signal == GO_ON)
        take(m, &body->yields, carried);
    else if (signal == LEFT && m->target == loop && heads->count)
        memcpy(carried, m->leaving, sizeof(Cellular) * (size_t)heads->count);
    release_values(m, heads);
    if (signal == GO_ON)
        release_region(m, body, NULL);
    return signal;
}

/* Lanes without carried values are met from the last to the first: they must not depend on each other. */
static Signal run_for(Machine *m, const Node *node) {
    int width = node->as.loop.width;
    bool backwards = !node->as.loop.heads.count;
    Cellular carried[node->as.loop.init.count + 1];
    int64_t lo = evaluate(m, node->as.loop.lo), hi = evaluate(m, node->as.loop.hi);
    take(m, &node->as.loop.init, carried);
    for (int64_t counter = lo; counter < hi; counter += node->as.loop.step) {
        int64_t last = hi - node->as.loop.step, base = node->as.loop.overlapped && counter > last ? last : counter;
        for (int lane = 0; lane < width; lane++) {
            int64_t iv = base + (backwards ? width - 1 - lane : lane);
            if (node->as.loop.masked && iv >= hi)
                continue;
            if (exhausted(m))
                return FAILED;
            m->values[node->as.loop.iv->id].scalar.i = iv;
            Signal signal = run_round(m, node, node->as.loop.body, &node->as.loop.heads, carried);
            if (signal == LEFT && m->target == node && m->exit_kind == EXIT_CONTINUE)
                continue;
            if (signal == LEFT && m->target == node) {
                give(m, &node->results, carried);
                return GO_ON;
            }
            if (signal != GO_ON)
                return signal;
        }
    }
    give(m, &node->results, carried);
    return GO_ON;
}

static Signal run_while(Machine *m, const Node *node) {
    Cellular carried[node->as.whilst.init.count + 1];
    take(m, &node->as.whilst.init, carried);
    for (;;) {
        if (exhausted(m))
            return FAILED;
        give(m, &node->as.whilst.heads, carried);
        Signal signal = run_region(m, node->as.whilst.head);
        if (signal != GO_ON)
            return signal;
        release_region(m, node->as.whilst.head, NULL);
        if (!m->values[node->as.whilst.test->id].scalar.i)
            break;
        signal = run_round(m, node, node->as.whilst.body, &node->as.whilst.heads, carried);
        if (signal == LEFT && m->target == node && m->exit_kind == EXIT_BREAK)
            break;
        if (signal != GO_ON && !(signal == LEFT && m->target == node))
            return signal;
    }
    give(m, &node->results, carried);
    return GO_ON;
}

static Signal run_branch(Machine *m, const Node *node, const Region *region) {
    Cellular yields[region->yields.count + 1];
    Signal signal = run_region(m, region);
    if (signal != GO_ON)
        return signal;
    take(m, &region->yields, yields);
    release_region(m, region, NULL);
    give(m, &node->results, yields);
    return GO_ON;
}

static bool goal_holds(Machine *m, FactKind kind, Size size) {
    int64_t value = evaluate(m, size);
    return kind == FACT_GE ? value >= 0 : kind == FACT_EQ ? value == 0 : value != 0;
}

static Signal run_version(Machine *m, const Node *node) {
    bool all = true;
    for (int i = 0; i < node->as.version.goal_count; i++)
        all &= goal_holds(m, node->as.version.goals[i].kind, node->as.version.goals[i].size);
    return run_branch(m, node, all ? node->as.version.fast : node->as.version.plain);
}

/* NumPy's pairwise sum (loops_utils.h.src). */
static Scalar pairwise(Machine *m, const Node *node, int64_t start, int64_t n) {
    DType dtype = node->results.data[0]->dtype;
    Scalar lanes[8], pair[2], sum = {.f = -0.0};
    int64_t i = 0;
    if (n > 128) {
        int64_t half = n / 2 - n / 2 % 8;
        pair[0] = pairwise(m, node, start, half);
        pair[1] = pairwise(m, node, start + half, n - half);
        return op_evaluate(OP_ADD, dtype, dtype, pair);
    }
    for (; i < n; i++) {
        m->values[node->as.reduce.iv->id].scalar.i = start + i;
        run_region(m, node->as.reduce.body);
        Scalar term = m->values[node->as.reduce.body->yields.data[0]->id].scalar;
        bool in_lanes = n >= 8 && i < n - n % 8;
        if (in_lanes && i < 8) {
            lanes[i] = term;
        } else {
            pair[0] = in_lanes ? lanes[i % 8] : sum;
            pair[1] = term;
            *(in_lanes ? &lanes[i % 8] : &sum) = op_evaluate(OP_ADD, dtype, dtype, pair);
        }
        if (in_lanes && i == n - n % 8 - 1) {
            for (int step = 1; step < 8; step *= 2)
                for (int k = 0; k < 8; k += 2 * step) {
                    pair[0] = lanes[k];
                    pair[1] = lanes[k + step];
                    lanes[k] = op_evaluate(OP_ADD, dtype, dtype, pair);
                }
            sum = lanes[0];
        }
    }
    return sum;
}

static Signal run_check(Machine *m, const Node *node) {
    int64_t value = node->as.check.size ? evaluate(m, node->as.check.size) : 0, fits;
    bool holds = true;
    switch (node->as.check.kind) {
    case CHECK_GE: holds = value >= 0; break;
    case CHECK_EQ: holds = value == 0; break;
    case CHECK_NE: holds = value != 0; break;
    case CHECK_INDEX:
        holds = value >= -evaluate(m, node->as.check.bound) && value < evaluate(m, node->as.check.bound);
        break;
    case CHECK_FITS: holds = size_evaluate(node->as.check.size, value_of, m, &fits); break;
    case CHECK_TRUE: holds = m->values[node->as.check.cond->id].scalar.i; break;
    }
    if (holds)
        return GO_ON;
    int64_t shown[3] = {0};
    for (int i = 0; i < 3; i++)
        shown[i] = node->as.check.values[i] ? evaluate(m, node->as.check.values[i]) : 0;
    return fail(m, "failure %d: %lld %lld %lld", node->as.check.failure, (long long)shown[0], (long long)shown[1],
                (long long)shown[2]);
}

static Signal run_exit(Machine *m, const Node *node) {
    if (node->as.exit.kind == EXIT_FAIL)
        return fail(m, "%s", node->as.exit.exception);
    take_leaving(m, &node->as.exit.values);
    m->target = node->as.exit.target;
    m->exit_kind = node->as.exit.kind;
    return node->as.exit.kind == EXIT_RETURN ? RETURNED : LEFT;
}

/* ---- what is seen from outside ------------------------------------------------------------- */

static void add_tensor(Text *text, const unsigned char *data, DType dtype, int rank, const int64_t *shape,
                       const int64_t *stride) {
    int bytes = dtype_info(dtype)->bytes;
    if (rank == 0) {
        text_add(text, (const char *)data, (size_t)bytes);
        return;
    }
    for (int64_t i = 0; i < shape[0]; i++)
        add_tensor(text, data + i * stride[0] * bytes, dtype, rank - 1, shape + 1, stride + 1);
}

/* An array's elements in C order, as bytes; `sizes` and `strides`, where given, instead of its own. */
static void add_array(Machine *m, Text *text, const Value *array, const Cellular *cell, const int64_t *sizes,
                      const int64_t *strides) {
    int64_t shape[RANK_MAX], stride[RANK_MAX], step = 1;
    for (int axis = array->rank - 1; axis >= 0; axis--) {
        shape[axis] = sizes ? sizes[axis] : evaluate(m, array->shape[axis]);
        stride[axis] = strides ? strides[axis] : sizes ? step : evaluate(m, array->stride[axis]);
        step *= shape[axis];
    }
    add_tensor(text, cell->data, array->dtype, array->rank, shape, stride);
}

/* ---- calls --------------------------------------------------------------------------------- */

static Signal run_call(Machine *m, const Node *node) {
    Function *callee = node->as.call.callee;
    Cellular arguments[node->as.call.arguments.count + 1];
    const Function *caller = m->function;
    if (m->depth > 50)
        return fail(m, "RecursionError");
    take(m, &node->as.call.arguments, arguments);
    /* A recursive callee has the caller's values under its own. */
    size_t count = caller->module->value_count + 1;
    Cellular *own = memory_new(count, sizeof *own);
    memcpy(own, m->values, count * sizeof *own);
    m->depth++;
    m->function = callee;
    give(m, &callee->parameters, arguments);
    Signal signal = run_region(m, callee->body);
    m->function = caller;
    m->depth--;
    memcpy(m->values, own, count * sizeof *own);
    free(own);
    if (signal != RETURNED)
        return signal == GO_ON ? GO_ON : signal;
    give(m, &node->results, m->leaving);
    return GO_ON;
}

static Signal zero_array(Machine *m, const Value *array) {
    int64_t width = dtype_info(array->dtype)->bytes, bytes = width;
    for (int axis = 0; axis < array->rank; axis++)
        bytes *= evaluate(m, array->shape[axis]);
    if (bytes <= 0)
        return GO_ON;
    unsigned char *data = m->values[array->id].data;
    if (!is_inside(m, array, data) || !is_inside(m, array, data + bytes - width))
        return fail(m, "a store outside its array");
    memset(data, 0, (size_t)bytes);
    return GO_ON;
}

/* A call is noted with its scalars and what its arrays hold. */
static void trace_call(Machine *m, const Node *node) {
    const Values *arguments = &node->as.runtime.arguments;
    Text *trace = &m->outcome->trace;
    text_printf(trace, "%s(", node->as.runtime.symbol);
    for (int i = 0; i < arguments->count; i++) {
        const Value *argument = arguments->data[i];
        Cellular cell;
        take(m, &(Values){.data = &arguments->data[i], .count = 1}, &cell);
        if (argument->kind == VALUE_SCALAR)
            text_printf(trace, "%llx,", (unsigned long long)cell.scalar.i);
        else if (argument->kind == VALUE_ARRAY)
            add_array(m, trace, argument, &cell, NULL, NULL);
    }
    text_printf(trace, ")\n");
}

/* What a call would give is 0; arrays that come from outside are unknown, and so is what C does. */
static Signal run_runtime(Machine *m, const Node *node) {
    if (!strcmp(node->as.runtime.symbol, "mnp_zero"))
        return zero_array(m, node->as.runtime.arguments.data[0]);
    bool unknown = node->as.runtime.external;
    for (int i = 0; i < node->results.count; i++) {
        m->values[node->results.data[i]->id] = (Cellular){0};
        unknown |= node->results.data[i]->kind == VALUE_ARRAY;
    }
    trace_call(m, node);
    m->outcome->stopped |= unknown;
    return unknown ? FAILED : GO_ON;
}

/* ---- nodes --------------------------------------------------------------------------------- */

static void run_let(Machine *m, const Node *node) {
    Scalar operands[OPERANDS_MAX];
    Op op = node->as.let.op;
    for (int i = 0; i < op_info(op)->arity; i++) {
        Value *operand = node->as.let.operands[i];
        operands[i] = m->values[operand->id].scalar;
        if (operand->size)
            operands[i].i = evaluate(m, operand->size);
    }
    const Value *result = node->results.data[0];
    m->values[result->id].scalar =
        op_evaluate(op, node->as.let.operands[op == OP_SELECT]->dtype, result->dtype, operands);
}

static Signal run_load(Machine *m, const Node *node) {
    const Value *array = node->as.load.array;
    const unsigned char *at = element(m, array, node->as.load.index);
    if (!is_inside(m, array, at))
        return fail(m, "a load outside its array");
    m->values[node->results.data[0]->id].scalar = read_element(array->dtype, at);
    return GO_ON;
}

static Signal run_store(Machine *m, const Node *node) {
    const Value *array = node->as.store.array;
    unsigned char *at = element(m, array, node->as.store.index);
    Cellular value;
    take(m, &(Values){.data = (Value **)&node->as.store.value, .count = 1}, &value);
    if (!is_inside(m, array, at))
        return fail(m, "a store outside its array");
    write_element(array->dtype, at, value.scalar);
    return GO_ON;
}

/* What is released early is not given back again where its region ends. */
static void count_reference(Machine *m, const Node *node) {
    Cellular *cell = &m->values[node->as.count.array->id];
    if (cell->buffer)
        cell->buffer->references += node->kind == NODE_RETAIN ? 1 : -1;
    if (node->kind == NODE_RELEASE && node->as.count.array->owned)
        cell->buffer = NULL;
}

static Signal run_node(Machine *m, const Node *node) {
    Cellular *result = node->results.count ? &m->values[node->results.data[0]->id] : NULL;
    switch (node->kind) {
    case NODE_CONST: result->scalar = node->as.constant.value; break;
    case NODE_STRING: result->scalar.i = 0; break;
    case NODE_SIZE: result->scalar.i = evaluate(m, node->as.size.size); break;
    case NODE_LET: run_let(m, node); break;
    case NODE_LOAD: return run_load(m, node);
    case NODE_STORE: return run_store(m, node);
    case NODE_FOR: return run_for(m, node);
    case NODE_WHILE: return run_while(m, node);
    case NODE_IF:
        return run_branch(m, node, m->values[node->as.branch.test->id].scalar.i ? node->as.branch.then
                                                                                : node->as.branch.otherwise);
    case NODE_REDUCE: result->scalar = pairwise(m, node, 0, evaluate(m, node->as.reduce.count)); break;
    case NODE_VERSION: return run_version(m, node);
    case NODE_CHECK: return run_check(m, node);
    case NODE_ALLOC: return allocate(m, node);
    case NODE_VIEW: make_view(m, node); break;
    case NODE_RETAIN:
    case NODE_RELEASE: count_reference(m, node); break;
    case NODE_CALL: return run_call(m, node);
    case NODE_RUNTIME: return run_runtime(m, node);
    case NODE_CELL_GET: case NODE_CELL_SET: break;
    case NODE_EXIT: return run_exit(m, node);
    }
    return GO_ON;
}

static Signal run_region(Machine *m, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        if (exhausted(m))
            return FAILED;
        Signal signal = run_node(m, node);
        if (signal != GO_ON) {
            if (signal != FAILED)
                release_region(m, region, node);
            return signal;
        }
    }
    return GO_ON;
}

/* ---- functions ----------------------------------------------------------------------------- */

/* A result in another order than C's is followed by its strides. */
static bool is_strided_result(const Function *function, const Value *array) {
    Atom *atom = array->rank ? size_as_atom(array->stride[array->rank - 1]) : NULL;
    for (int i = 0; atom && i < function->results.count; i++)
        if (function->results.data[i] == atom_value(atom))
            return true;
    return false;
}

static bool is_out(const Function *function, const Value *parameter) {
    for (int i = 0; i < function->outs.count; i++)
        if (function->outs.data[i] == parameter)
            return true;
    return false;
}

/* Arrays first, then scalars: those that a pass builds in the caller's memory keep their place. */
static void collect_results(Machine *m, const Function *function, bool scalars) {
    for (int i = 0; i < function->results.count; i++) {
        const Value *value = function->results.data[i];
        int span = value->kind == VALUE_ARRAY ? value->rank * (is_strided_result(function, value) ? 2 : 1) : 0;
        if (scalars && value->kind != VALUE_ARRAY)
            text_add(&m->outcome->arrays, (const char *)&m->leaving[i].scalar, dtype_is_complex(value->dtype) ? 16 : 8);
        if (scalars || value->kind != VALUE_ARRAY) {
            i += span;
            continue;
        }
        int64_t sizes[2 * RANK_MAX];
        int count = value->rank * (is_strided_result(function, value) ? 2 : 1);
        for (int k = 0; k < count; k++)
            sizes[k] = m->leaving[i + 1 + k].scalar.i;
        add_array(m, &m->outcome->arrays, value, &m->leaving[i], sizes, count > value->rank ? sizes + value->rank : NULL);
        if (m->leaving[i].buffer)
            m->leaving[i].buffer->references--;
        i += count;
    }
}

static void collect_parameters(Machine *m, const Function *function, bool outs) {
    for (int i = 0; i < function->parameters.count; i++) {
        const Value *parameter = function->parameters.data[i];
        if (parameter->kind == VALUE_ARRAY && is_out(function, parameter) == outs)
            add_array(m, &m->outcome->arrays, parameter, &m->values[parameter->id], NULL, NULL);
    }
}

static void free_buffers(Machine *m) {
    for (Buffer *buffer = m->buffers, *next; buffer; buffer = next) {
        next = buffer->next;
        m->outcome->leaked |=
            buffer->references != (buffer->foreign || buffer->stack ? 1 : 0) && !m->outcome->failed &&
            !m->outcome->exhausted && !m->outcome->stopped;
        if (!buffer->foreign)
            free(buffer->bytes);
        free(buffer);
    }
}

void interpret(const Function *function, const Argument *arguments, int64_t step_limit, Outcome *outcome) {
    *outcome = (Outcome){0};
    Machine machine = {.function = function, .outcome = outcome, .steps = step_limit}, *m = &machine;
    m->values = memory_new(function->module->value_count + 1, sizeof *m->values);
    for (int i = 0; i < function->parameters.count; i++) {
        const Value *parameter = function->parameters.data[i];
        if (parameter->kind == VALUE_ARRAY)
            m->values[parameter->id] =
                (Cellular){.data = arguments[i].data, .buffer = add_buffer(m, arguments[i].memory, arguments[i].size, true)};
        else
            m->values[parameter->id].scalar = arguments[i].scalar;
    }
    bool returned = run_region(m, function->body) == RETURNED;
    if (!outcome->failed)
        collect_parameters(m, function, true);
    for (int scalars = 0; returned && scalars < 2; scalars++)
        collect_results(m, function, scalars);
    if (!outcome->failed)
        collect_parameters(m, function, false);
    free_buffers(m);
    free(m->leaving);
    free(m->values);
}

void outcome_free(Outcome *outcome) {
    text_free(&outcome->trace);
    text_free(&outcome->arrays);
}
