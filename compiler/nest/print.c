/* print.c: the IR as text, for people and for read.c.
 *
 *     exported apart function scale(n: i64, a: f64[n], out: out f64[n]):
 *         given n >= 0  # sizes are not negative
 *         for i in [0, n) step 2 width 4 masked:
 *             out[i] = a[i] * 2.0
 *         return
 *
 * Loops read like Python's, types like the language's. What is between `[` and `]`, in a loop's bounds and in
 * `size(...)` is a Size, everything else is made of operations, one an infix sign or a call. A value without a
 * name of its own that is used once, by what comes next, is printed in its place, so that reading the text from left
 * to right makes the same nodes in the same order. Names are `n`; `n%12`, value number 12, where several
 * values of the function are called so; `%12` without a name; `?n`, a size that no value stands for. */
#include "nest/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { NESTING_MAX = 6 };

typedef struct {
    Text *text;
    int depth;
    int *uses;             /* by Value.id */
    bool *plain;           /* its name is nobody else's */
    bool *inlined;         /* printed where it is used */
} Printer;

static void print_region(Printer *p, const Region *region);
static void print_operand(Printer *p, const Value *value, bool inner);

static void say(Printer *p, const char *format, ...) PRINTF_LIKE(2, 3);

static void say(Printer *p, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(p->text, format, arguments);
    va_end(arguments);
}

static void line(Printer *p) {
    say(p, "\n%*s", p->depth * 4, "");
}

/* ---- names --------------------------------------------------------------------------------- */

/* The hint that a value has, or the name of the size that it is; NULL if there is none that can be printed. */
static const char *stem(const Value *value) {
    const char *name = value->name ? value->name : value->atom ? value->atom->name : NULL;
    return name && text_is_name(name) ? name_of(name) : NULL;
}

static void print_name(Printer *p, const Value *value) {
    const char *name = stem(value);
    if (name && p->plain[value->id])
        say(p, "%s", name);
    else
        say(p, "%s%%%u", name ? name : "", value->id);
}

static void print_atom(Text *text, const Atom *atom, void *user) {
    Printer *p = user;
    Value *value = atom_value(atom);
    Text *whole = p->text;
    p->text = text;
    if (value)
        print_name(p, value);
    else
        say(p, "%s%s", *atom->name == '$' ? "" : "?", atom->name);
    p->text = whole;
}

static void print_size(Printer *p, Size size) {
    AtomPrinter printer = {print_atom, p};
    text_size(p->text, size, &printer);
}

static void print_sizes(Printer *p, const Size *sizes, int count) {
    for (int i = 0; i < count; i++) {
        say(p, "%s", i ? ", " : "");
        print_size(p, sizes[i]);
    }
}

/* Words that belong to the node on this line. */
static void print_words(Printer *p, const char *words) {
    if (!words)
        return;
    say(p, "  # ");
    for (; *words; words++)
        say(p, *words == '\n' ? "\\n" : *words == '\r' ? "\\r" : *words == '\\' ? "\\\\" : "%c", *words);
}

/* ---- types and definitions ----------------------------------------------------------------- */

static void print_type(Printer *p, const Value *value) {
    if (value->kind == VALUE_POINTER) {
        say(p, "ptr");
        return;
    }
    say(p, "%s%s", value->owned ? "owned " : "", dtype_info(value->dtype)->name);
    if (value->kind != VALUE_ARRAY)
        return;
    say(p, "[");
    print_sizes(p, value->shape, value->rank);
    say(p, "]");
    if (!value_is_contiguous(value)) {
        say(p, " strides (");
        print_sizes(p, value->stride, value->rank);
        say(p, ")");
    }
}

static void print_definition(Printer *p, const Value *value) {
    print_name(p, value);
    say(p, ": ");
    print_type(p, value);
}

static void print_definitions(Printer *p, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        say(p, "%s", i ? ", " : "");
        print_definition(p, values->data[i]);
    }
    if (values->count)
        say(p, " = ");
}

/* ---- expressions --------------------------------------------------------------------------- */

/* The shortest of the usual lengths that reads back; always recognisable as a float. */
static void print_float(Printer *p, double value) {
    char digits[40];
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (isnan(value)) {
        say(p, bits == UINT64_C(0x7ff8000000000000) ? "nan" : "nan(0x%llx)", (unsigned long long)bits);
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    say(p, "%s%s", digits, strpbrk(digits, ".en") ? "" : ".0");
}

static void print_constant(Printer *p, DType dtype, Scalar value) {
    bool bare = dtype == DTYPE_F64 || dtype == DTYPE_I64;
    if (dtype == DTYPE_BOOL) {
        say(p, "%s", value.i ? "True" : "False");
        return;
    }
    if (!bare)
        say(p, "%s(", dtype_info(dtype)->name);
    if (dtype_is_float(dtype_real(dtype)))
        print_float(p, value.f);
    if (dtype_is_complex(dtype)) {
        say(p, ", ");
        print_float(p, value.im);
    }
    if (!dtype_is_float(dtype_real(dtype)))
        say(p, "%lld", (long long)value.i);
    if (!bare)
        say(p, ")");
}

static void print_string(Printer *p, const char *data, size_t length) {
    say(p, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '"' || c == '\\')
            say(p, "\\%c", c);
        else if (c >= ' ' && c < 127)
            say(p, "%c", c);
        else
            say(p, "\\x%02x", c);
    }
    say(p, "\"");
}

static void print_values(Printer *p, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        say(p, "%s", i ? ", " : "");
        print_operand(p, values->data[i], false);
    }
}

static void print_access(Printer *p, const Value *array, const Size *index) {
    print_name(p, array);
    say(p, "[");
    print_sizes(p, index, array->rank);
    say(p, "]");
}

static void print_let(Printer *p, const Node *node, bool inner) {
    Op op = node->as.let.op;
    const OpInfo *info = op_info(op);
    Value *const *operands = node->as.let.operands;
    if (text_is_infix(op)) {
        say(p, "%s", inner ? "(" : "");
        print_operand(p, operands[0], true);
        say(p, " %s ", info->text);
        print_operand(p, operands[1], true);
        say(p, "%s", inner ? ")" : "");
        return;
    }
    say(p, "%s(", info->text);
    Values all = {.data = (Value **)operands, .count = info->arity};
    print_values(p, &all);
    if (op == OP_CAST)
        say(p, ", %s", dtype_info(node->results.data[0]->dtype)->name);
    say(p, ")");
}

static bool is_expression(const Node *node) {
    return node->kind == NODE_CONST || node->kind == NODE_STRING || node->kind == NODE_SIZE ||
           node->kind == NODE_LET || node->kind == NODE_LOAD;
}

static void print_expression(Printer *p, const Node *node, bool inner) {
    if (node->kind == NODE_CONST) {
        print_constant(p, node->results.data[0]->dtype, node->as.constant.value);
    } else if (node->kind == NODE_STRING) {
        print_string(p, node->as.string.data, node->as.string.length);
    } else if (node->kind == NODE_SIZE) {
        say(p, "size(");
        print_size(p, node->as.size.size);
        say(p, ")");
    } else if (node->kind == NODE_LOAD) {
        print_access(p, node->as.load.array, node->as.load.index);
    } else {
        print_let(p, node, inner);
    }
}

/* `inner`: beside an infix sign. */
static void print_operand(Printer *p, const Value *value, bool inner) {
    if (p->inlined[value->id])
        print_expression(p, value->node, inner);
    else
        print_name(p, value);
}

/* ---- which values are printed in place ----------------------------------------------------- */

static bool may_inline(const Printer *p, const Value *value) {
    const Node *node = value->node;
    if (p->uses[value->id] != 1 || stem(value) || !is_expression(node))
        return false;
    return node->kind != NODE_LET || node->as.let.op == OP_CAST ||
           value->dtype == text_result_dtype(node->as.let.op, node->as.let.operands);
}

/* `*last` is what is made right before the operands are used; what they take of it moves it back. */
static void inline_operands(Printer *p, const Values *operands, Node **last, int nesting) {
    for (int i = operands->count - 1; i >= 0; i--) {
        Value *value = operands->data[i];
        if (!*last || value->node != *last || value->is_head || nesting == NESTING_MAX || !may_inline(p, value))
            continue;
        Values own = text_operands(*last);
        p->inlined[value->id] = true;
        *last = (*last)->previous;
        inline_operands(p, &own, last, nesting + 1);
    }
}

static void inline_region(Printer *p, const Region *region) {
    const Node *parent = region->parent;
    Node *node = region->last;
    Values test = {0};
    if (parent && parent->kind == NODE_WHILE && parent->as.whilst.head == region)
        test = (Values){.data = (Value **)&parent->as.whilst.test, .count = 1};
    inline_operands(p, test.count ? &test : &region->yields, &node, 0);
    while (node) {
        Region *regions[2];
        Values operands = text_operands(node);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            inline_region(p, regions[i]);
        node = node->previous;
        inline_operands(p, &operands, &node, 0);
    }
}

/* ---- nodes --------------------------------------------------------------------------------- */

static void print_block(Printer *p, const Region *region) {
    p->depth++;
    print_region(p, region);
    p->depth--;
}

static void print_carry(Printer *p, const Values *heads, const Values *init) {
    for (int i = 0; i < heads->count; i++) {
        say(p, "%s", i ? ", " : " carry ");
        print_definition(p, heads->data[i]);
        say(p, " = ");
        print_operand(p, init->data[i], false);
    }
    say(p, ":");
}

static void print_for(Printer *p, const Node *node) {
    say(p, "for ");
    print_name(p, node->as.loop.iv);
    say(p, " in [");
    print_size(p, node->as.loop.lo);
    say(p, ", ");
    print_size(p, node->as.loop.hi);
    say(p, ")");
    if (node->as.loop.step != 1)
        say(p, " step %lld", (long long)node->as.loop.step);
    if (node->as.loop.width != 1)
        say(p, " width %d", node->as.loop.width);
    say(p, "%s%s", node->as.loop.masked ? " masked" : "", node->as.loop.overlapped ? " overlapped" : "");
    print_carry(p, &node->as.loop.heads, &node->as.loop.init);
    print_block(p, node->as.loop.body);
}

static void print_while(Printer *p, const Node *node) {
    say(p, "while %s", node->as.whilst.label);
    print_carry(p, &node->as.whilst.heads, &node->as.whilst.init);
    print_block(p, node->as.whilst.head);
    line(p);
    say(p, "test ");
    print_operand(p, node->as.whilst.test, false);
    say(p, ":");
    print_block(p, node->as.whilst.body);
}

static void print_if(Printer *p, const Node *node) {
    const Region *otherwise = node->as.branch.otherwise;
    say(p, "if ");
    print_operand(p, node->as.branch.test, false);
    say(p, ":");
    print_block(p, node->as.branch.then);
    if (region_is_empty(otherwise) && !otherwise->yields.count)
        return;
    line(p);
    say(p, "else:");
    print_block(p, otherwise);
}

static void print_goal(Printer *p, FactKind kind, Size size) {
    static const char *const relations[] = {" >= 0", " == 0", " != 0"};
    print_size(p, size);
    say(p, "%s", relations[kind]);
}

static void print_version(Printer *p, const Node *node) {
    say(p, "version%s", node->as.version.goal_count ? "" : " always");
    for (int i = 0; i < node->as.version.goal_count; i++) {
        say(p, i ? " and " : " ");
        print_goal(p, node->as.version.goals[i].kind, node->as.version.goals[i].size);
    }
    say(p, ":");
    print_words(p, node->as.version.why);
    print_block(p, node->as.version.fast);
    line(p);
    say(p, "plain:");
    print_block(p, node->as.version.plain);
}

/* The numbers of the message; `_` stands for none. */
static void print_failure(Printer *p, const Node *node) {
    int count = 3;
    say(p, " else %s", text_failure(node->as.check.failure));
    while (count && !node->as.check.values[count - 1])
        count--;
    for (int i = 0; i < count; i++) {
        say(p, i ? ", " : "(");
        if (node->as.check.values[i])
            print_size(p, node->as.check.values[i]);
        else
            say(p, "_");
    }
    say(p, "%s", count ? ")" : "");
}

static void print_check(Printer *p, const Node *node) {
    Size size = node->as.check.size;
    say(p, "check ");
    switch (node->as.check.kind) {
    case CHECK_GE: print_goal(p, FACT_GE, size); break;
    case CHECK_EQ: print_goal(p, FACT_EQ, size); break;
    case CHECK_NE: print_goal(p, FACT_NE, size); break;
    case CHECK_INDEX:
        say(p, "index ");
        print_size(p, size);
        say(p, " of ");
        print_size(p, node->as.check.bound);
        break;
    case CHECK_FITS: say(p, "fits "), print_size(p, size); break;
    case CHECK_TRUE: say(p, "that "), print_operand(p, node->as.check.cond, false); break;
    }
    print_failure(p, node);
    print_words(p, node->as.check.what);
}

static void print_exit(Printer *p, const Node *node) {
    static const char *const words[] = {"break", "continue", "return", "fail"};
    const Node *target = node->as.exit.target;
    say(p, "%s", words[node->as.exit.kind]);
    if (target)
        say(p, " %s", target->kind == NODE_FOR ? target->as.loop.label : target->as.whilst.label);
    if (node->as.exit.exception)
        say(p, " %s", node->as.exit.exception);
    if (node->as.exit.values.count)
        say(p, "%s ", target || node->as.exit.exception ? ":" : "");
    print_values(p, &node->as.exit.values);
}

/* The index of the base that element [$0, $1, ...] of the view has. */
static void print_view(Printer *p, const Node *node) {
    const Value *base = node->as.view.base, *result = node->results.data[0];
    if (node->as.view.kind == VIEW_RESHAPE) {
        say(p, "reshape ");
        print_name(p, base);
        return;
    }
    Size index[RANK_MAX];
    memcpy(index, node->as.view.start, sizeof index);
    for (int j = 0; j < result->rank; j++) {
        int axis = node->as.view.axis[j];
        if (axis >= 0)
            index[axis] = size_add(index[axis], size_mul(node->as.view.step[j], size_atom(text_view_axis(j))));
    }
    say(p, "view ");
    print_access(p, base, index);
}

static void print_call(Printer *p, const char *word, const char *name, const Values *arguments) {
    say(p, "%s %s(", word, name);
    print_values(p, arguments);
    say(p, ")");
}

static void print_node(Printer *p, const Node *node) {
    line(p);
    print_definitions(p, &node->results);
    switch (node->kind) {
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_LOAD:
        print_expression(p, node, false);
        break;
    case NODE_STORE:
        print_access(p, node->as.store.array, node->as.store.index);
        say(p, " = ");
        print_operand(p, node->as.store.value, false);
        break;
    case NODE_FOR: print_for(p, node); break;
    case NODE_WHILE: print_while(p, node); break;
    case NODE_IF: print_if(p, node); break;
    case NODE_REDUCE:
        say(p, "pairwise %s for ", op_info(node->as.reduce.op)->text);
        print_name(p, node->as.reduce.iv);
        say(p, " in [0, ");
        print_size(p, node->as.reduce.count);
        say(p, "):");
        print_block(p, node->as.reduce.body);
        break;
    case NODE_VERSION: print_version(p, node); break;
    case NODE_CHECK: print_check(p, node); break;
    case NODE_ALLOC:
        say(p, "alloc%s%s", node->as.alloc.zeroed ? " zeroed" : "", node->as.alloc.stack ? " stack" : "");
        break;
    case NODE_VIEW: print_view(p, node); break;
    case NODE_RETAIN: say(p, "retain "), print_name(p, node->as.count.array); break;
    case NODE_RELEASE: say(p, "release "), print_name(p, node->as.count.array); break;
    case NODE_CALL: print_call(p, "call", node->as.call.callee->name, &node->as.call.arguments); break;
    case NODE_RUNTIME: print_call(p, "runtime", node->as.runtime.symbol, &node->as.runtime.arguments); break;
    case NODE_CELL_GET: say(p, "cell %s", node->as.cell.cell->name); break;
    case NODE_CELL_SET:
        say(p, "cell %s = ", node->as.cell.cell->name);
        print_operand(p, node->as.cell.value, false);
        break;
    case NODE_EXIT: print_exit(p, node); break;
    }
}

static bool is_inlined(const Printer *p, const Node *node) {
    return node->results.count == 1 && p->inlined[node->results.data[0]->id];
}

static void print_region(Printer *p, const Region *region) {
    bool empty = true;
    for (const Node *node = region->first; node; node = node->next) {
        if (is_inlined(p, node))
            continue;
        print_node(p, node);
        empty = false;
    }
    if (region->yields.count) {
        line(p);
        say(p, "yield ");
        print_values(p, &region->yields);
    } else if (empty) {
        line(p);
        say(p, "pass");
    }
}

/* ---- functions ----------------------------------------------------------------------------- */

typedef struct {
    Printer *printer;
    VEC(const Value *) values;
    Arena *arena;
} Census;

static void count_value(Value **value, void *user) {
    ((Census *)user)->printer->uses[(*value)->id]++;
}

static void count_atom(Atom *atom, void *user) {
    Value *value = atom_value(atom);
    if (value)
        count_value(&value, user);
}

static void count_size(Size *size, void *user) {
    size_variables(*size, count_atom, user);
}

static void meet_values(Census *census, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        Value *value = values->data[i];
        VEC_PUSH(census->arena, census->values, value);
        for (int axis = 0; axis < value->rank; axis++) {
            count_size(&value->shape[axis], census);
            count_size(&value->stride[axis], census);
        }
    }
}

/* All values that the function defines; sizes in their types are uses. */
static void meet_region(Census *census, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        meet_values(census, &node->results);
        if (node->kind == NODE_FOR)
            meet_values(census, &node->as.loop.heads);
        if (node->kind == NODE_WHILE)
            meet_values(census, &node->as.whilst.heads);
        if (node->kind == NODE_FOR)
            meet_values(census, &(Values){.data = (Value **)&node->as.loop.iv, .count = 1});
        if (node->kind == NODE_REDUCE)
            meet_values(census, &(Values){.data = (Value **)&node->as.reduce.iv, .count = 1});
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            meet_region(census, regions[i]);
    }
}

static int by_stem(const void *a, const void *b) {
    const char *x = stem(*(const Value *const *)a), *y = stem(*(const Value *const *)b);
    return x < y ? -1 : x > y;
}

/* Counts uses, finds out which names are plain, and which values are printed in place. */
static void prepare(Printer *p, const Function *function) {
    size_t count = function->module->value_count + 1;
    p->uses = memory_new(count, sizeof *p->uses);
    p->plain = memory_new(count, sizeof *p->plain);
    p->inlined = memory_new(count, sizeof *p->inlined);
    Census census = {.printer = p, .arena = arena_new()};
    meet_values(&census, &function->parameters);
    meet_values(&census, &function->results);
    meet_region(&census, function->body);
    region_uses(function->body, count_value, count_size, &census);
    const Value **all = census.values.data;
    qsort(all, (size_t)census.values.count, sizeof *all, by_stem);
    for (int i = 0; i < census.values.count; i++)
        p->plain[all[i]->id] = (!i || stem(all[i - 1]) != stem(all[i])) &&
                               (i + 1 == census.values.count || stem(all[i + 1]) != stem(all[i]));
    inline_region(p, function->body);
    arena_free(census.arena);
}

static bool is_out(const Function *function, const Value *parameter) {
    for (int i = 0; i < function->outs.count; i++)
        if (function->outs.data[i] == parameter)
            return true;
    return false;
}

static void print_header(Printer *p, const Function *function) {
    say(p, "%s%s%sfunction %s(", function->exported ? "exported " : "", function->apart ? "apart " : "",
        function->main ? "main " : "", function->name);
    for (int i = 0; i < function->parameters.count; i++) {
        const Value *parameter = function->parameters.data[i];
        say(p, "%s", i ? ", " : "");
        print_name(p, parameter);
        say(p, ": %s", is_out(function, parameter) ? "out " : "");
        print_type(p, parameter);
    }
    say(p, ")");
    for (int i = 0; i < function->results.count; i++) {
        say(p, "%s", i ? ", " : " -> (");
        print_definition(p, function->results.data[i]);
    }
    say(p, "%s%s%s:", function->results.count ? ")" : "", function->general ? " general " : "",
        function->general ? function->general->name : "");
}

/* The oldest first. */
static void print_facts(Printer *p, Facts *fact) {
    if (!fact)
        return;
    print_facts(p, fact->parent);
    line(p);
    say(p, "given ");
    print_goal(p, fact->kind, fact->size);
    print_words(p, fact->why);
}

void nest_print_function(Text *text, const Function *function) {
    Printer p = {.text = text};
    prepare(&p, function);
    print_header(&p, function);
    p.depth++;
    print_facts(&p, function->facts);
    print_region(&p, function->body);
    text_printf(text, "\n\n");
    free(p.uses);
    free(p.plain);
    free(p.inlined);
}

static void print_cells(Text *text, const Cell *cell) {
    if (!cell)
        return;
    print_cells(text, cell->next);
    text_printf(text, "cell %s: %s", cell->name, cell->kind == VALUE_POINTER ? "ptr" : dtype_info(cell->dtype)->name);
    for (int axis = 0; axis < cell->rank; axis++)
        text_printf(text, axis ? ", :" : "[:");
    text_printf(text, "%s\n", cell->kind != VALUE_ARRAY ? "" : cell->rank ? "]" : "[]");
}

void nest_print_module(Text *text, const Module *module) {
    print_cells(text, module->cells);
    for (const Function *function = module->functions; function; function = function->next)
        nest_print_function(text, function);
}

void nest_print(FILE *file, const Module *module) {
    Text text = {0};
    nest_print_module(&text, module);
    if (text.data)
        fwrite(text.data, 1, text.length, file);
    text_free(&text);
}
